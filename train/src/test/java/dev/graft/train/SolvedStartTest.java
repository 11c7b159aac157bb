package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Table;
import dev.graft.eval.Control;
import dev.graft.task.TextClassification;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Strategies that begin from a solved head, on the example that users try first. */
@Tag("slow")
class SolvedStartTest {
    /** Six of the 180 test rows. */
    private static final double NOISE = 0.035;

    @TempDir
    Path folder;

    /** Under a head that is too steep, the same steps ended at 0.2 to 0.3, where the head alone has 0.8. */
    @ParameterizedTest
    @EnumSource(names = {"LP_FT", "GRADUAL", "ULMFIT"})
    void trainingEndsNoWorseThanTheHeadThatItBeganFrom(Strategy strategy) {
        TrainingResult result = Graft.train(TextClassification.from(Table.read(Path.of("../examples/support.csv"))))
                .strategy(strategy)
                .recipe(usual -> usual.withEpochs(3))
                .output(folder.resolve("model"))
                .run();
        assertThat(result.sheet().controls())
                .filteredOn(control -> control.question() == Control.Question.FINE_TUNING)
                .singleElement()
                .satisfies(control ->
                        assertThat(control.comparison().difference().value()).isGreaterThan(-NOISE));
        assertThat(result.history().best())
                .hasValueSatisfying(best -> assertThat(best.validationMetric()).isGreaterThan(0.75));
    }
}
