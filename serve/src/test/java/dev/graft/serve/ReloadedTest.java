package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedTest {
    @TempDir
    Path folder;

    private Path file = Path.of("");
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void writeAFile() throws IOException {
        file = folder.resolve("number.txt");
        Files.writeString(file, "1");
    }

    private Reloaded<Integer> reloaded() {
        return new Reloaded<>(List.of(file), this::number, notices::add);
    }

    private int number() {
        try {
            return Integer.parseInt(Files.readString(file));
        } catch (IOException e) {
            throw new InputException("There is no " + file, e);
        } catch (NumberFormatException e) {
            throw new InputException(file + " holds no number", e);
        }
    }

    @Test
    void aChangedFileIsReadOnceItHasSettled() throws IOException {
        Reloaded<Integer> reloaded = reloaded();
        reloaded.look();
        assertThat(notices).isEmpty();
        Files.writeString(file, "22");
        reloaded.look();
        assertThat(reloaded.get()).isEqualTo(1);
        reloaded.look();
        assertThat(reloaded.get()).isEqualTo(22);
        reloaded.look();
        assertThat(notices).singleElement().asString().contains("read again", "number.txt");
    }

    @Test
    void aFileThatIsRefusedLeavesWhatWasReadBefore() throws IOException {
        Reloaded<Integer> reloaded = reloaded();
        for (int i = 0; i < 3; i++) {
            Files.writeString(file, "broken");
            reloaded.look();
        }
        reloaded.look();
        assertThat(reloaded.get()).isEqualTo(1);
        assertThat(notices)
                .isNotEmpty()
                .allSatisfy(notice ->
                        assertThat(notice).contains("number.txt holds no number; what was read before stays in force"));
        int told = notices.size();
        reloaded.look();
        reloaded.look();
        assertThat(notices).hasSize(told);
    }

    @Test
    void aFileThatGoesAndComesBackIsReadAgain() throws IOException {
        Reloaded<Integer> reloaded = reloaded();
        Files.delete(file);
        reloaded.look();
        reloaded.look();
        assertThat(reloaded.get()).isEqualTo(1);
        assertThat(notices).singleElement().asString().contains("There is no");
        Files.writeString(file, "3");
        reloaded.look();
        reloaded.look();
        assertThat(reloaded.get()).isEqualTo(3);
    }

    /** Kubernetes changes a mounted secret by moving a link. */
    @Test
    void aLinkThatIsMovedIsAChange() throws IOException {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Files.writeString(first.resolve("number.txt"), "1");
        Files.writeString(second.resolve("number.txt"), "2");
        Files.setLastModifiedTime(second.resolve("number.txt"), Files.getLastModifiedTime(first.resolve("number.txt")));
        Path data = Files.createSymbolicLink(folder.resolve("data"), first);
        file = data.resolve("number.txt");
        Reloaded<Integer> reloaded = reloaded();
        Path fresh = Files.createSymbolicLink(folder.resolve("fresh"), second);
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        reloaded.look();
        reloaded.look();
        assertThat(reloaded.get()).isEqualTo(2);
    }

    @Test
    void whatIsWrongFromTheBeginningIsRefused() {
        try {
            Files.writeString(file, "wrong");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThatThrownBy(this::reloaded).isInstanceOf(InputException.class).hasMessageContaining("no number");
    }
}
