package dev.graft.data;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Path;

/** What the Parquet library throws on a damaged or hostile file, as an error that names the file. */
final class ParquetFailure {
    private ParquetFailure() {}

    @FunctionalInterface
    interface Reading<T> {
        T read() throws IOException;
    }

    static <T> T within(Path file, Reading<T> reading) {
        try {
            return reading.read();
        } catch (InputException said) {
            throw said;
        } catch (IOException | RuntimeException damaged) {
            throw new InputException(
                    file + " cannot be read as Parquet; it is damaged, or was cut: " + damaged, damaged);
        } catch (OutOfMemoryError | StackOverflowError absurd) {
            throw new InputException(
                    file + " asks for more memory than there is; it is damaged, or Java needs more (-Xmx)", absurd);
        }
    }
}
