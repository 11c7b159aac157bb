package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    private static final String STATE = "state.safetensors";

    @TempDir
    Path root;

    private Path folder;

    @BeforeEach
    void nameTheFolder() {
        folder = root.resolve("model.training");
    }

    private Checkpoints checkpoints() {
        return new Checkpoints(folder, "digest", Duration.ofDays(1));
    }

    private static Map<String, Array> values(float... values) {
        return Map.of("layer/w", Array.of(values, values.length), "b", Array.scalar(values[0]));
    }

    private static Checkpoints.State state(int bestEpoch, float value) {
        History history = new History(List.of(), bestEpoch, bestEpoch, false);
        return new Checkpoints.State(
                Progress.START.afterEpoch(history),
                values(value, 2),
                Map.of("b#step", Array.scalar(value)),
                Map.of("b", Array.scalar(value)));
    }

    @Test
    void whatWasKeptComesBack() {
        checkpoints().keep(state(0, 1));
        assertThat(checkpoints().last()).contains(state(0, 1));
    }

    @Test
    void nothingIsThereBeforeTheFirstState() {
        assertThat(checkpoints().exist()).isFalse();
        assertThat(checkpoints().last()).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void theBestWeightsReachTheDiskWithTheNextState() {
        Checkpoints first = checkpoints();
        first.remember(1, values(7));
        assertThat(folder).doesNotExist();
        first.keep(state(1, 1));
        Checkpoints second = checkpoints();
        assertThat(second.last()).isPresent();
        assertThat(second.best()).isEqualTo(values(7));
    }

    @Test
    void onlyTheBestOfTheStateStays() throws IOException {
        Checkpoints run = checkpoints();
        run.remember(1, values(1));
        run.keep(state(1, 1));
        run.remember(2, values(2));
        run.keep(state(2, 2));
        assertThat(names()).containsExactlyInAnyOrder(STATE, "best-2.safetensors");
    }

    @Test
    void aBestFileThatIsAheadOfItsStateIsWrittenAnew() throws IOException {
        Checkpoints killed = checkpoints();
        killed.remember(1, values(1));
        killed.keep(state(1, 1));
        Files.copy(folder.resolve("best-1.safetensors"), folder.resolve("best-2.safetensors"));
        Checkpoints resumed = checkpoints();
        assertThat(resumed.last()).isPresent();
        assertThat(resumed.best()).isEqualTo(values(1));
        resumed.remember(2, values(2));
        resumed.keep(state(2, 2));
        Checkpoints again = checkpoints();
        assertThat(again.last()).isPresent();
        assertThat(again.best()).isEqualTo(values(2));
    }

    @Test
    void aHalfWrittenFileBesideTheStateIsIgnored() throws IOException {
        checkpoints().keep(state(0, 1));
        Files.writeString(folder.resolve("." + STATE + ".1234.part"), "half");
        assertThat(checkpoints().last()).contains(state(0, 1));
        assertThat(checkpoints().exist()).isTrue();
    }

    @Test
    void anotherRunsStateIsRefused() {
        checkpoints().keep(state(0, 1));
        assertThatThrownBy(() -> new Checkpoints(folder, "another", Duration.ZERO).last())
                .isInstanceOf(InputException.class)
                .hasMessageContaining(folder.resolve(STATE).toString())
                .hasMessageContaining("leave --resume out to start anew");
    }

    @Test
    void aStateThatIsCutIsRefusedByName() throws IOException {
        checkpoints().keep(state(0, 1));
        byte[] whole = Files.readAllBytes(folder.resolve(STATE));
        for (int length : new int[] {0, 4, 20, whole.length / 2, whole.length - 1}) {
            Files.write(folder.resolve(STATE), java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> checkpoints().last())
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(STATE);
        }
    }

    @Test
    void deletingForgetsTheRun() {
        checkpoints().keep(state(0, 1));
        checkpoints().delete();
        assertThat(folder).doesNotExist();
        checkpoints().delete();
    }

    @Test
    void aStateIsDueOnceTheIntervalIsOver() {
        assertThat(checkpoints().due()).isFalse();
        assertThat(new Checkpoints(folder, "digest", Duration.ZERO).due()).isTrue();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
