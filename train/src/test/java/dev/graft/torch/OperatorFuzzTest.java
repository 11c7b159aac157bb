package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A graph that lies runs, or is refused in one message that names its file; it never ends the process.
 *
 * <p>The system properties {@code fuzz.seed} and {@code fuzz.count} say which mutants are run. What {@link OperatorFuzz} found stands in {@link HostileOperandsTest} and {@link WrongGraphTest}.
 */
@Tag("slow")
class OperatorFuzzTest {
    @Test
    void mutantsOfAllOperatorsRunOrAreRefusedInClearWords() throws IOException, InterruptedException {
        assumeTrue(
                ConformanceCase.archive().isPresent(),
                "ONNX's operator tests are absent: put onnx-backend-1.17.0.tar.gz into $GRAFT_CONFORMANCE");
        int count = Integer.getInteger("fuzz.count", 600);
        OperatorFuzz.Result result = OperatorFuzz.run(Long.getLong("fuzz.seed", 1), count);
        System.getLogger("fuzz").log(System.Logger.Level.INFO, "{0}", result.counts());
        assertThat(result.findings()).as("by seed").isEmpty();
        assertThat(result.counts().values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(count);
        assertThat(result.counts()).as("both must come up").containsKeys("ok", "refused");
    }
}
