package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages bundles at random; whatever comes out must be a message to the user.
 *
 * <p>{@code -Dgraft.fuzz.seconds=300} runs longer, {@code -Dgraft.fuzz.seed=N} begins elsewhere.
 */
@Tag("slow")
class BundleFuzzTest {
    private static final int SECONDS = Integer.getInteger("graft.fuzz.seconds", 6);
    private static final long SEED = Long.getLong("graft.fuzz.seed", 20261121L);

    @TempDir
    Path folder;

    @Test
    void aDamagedBundleIsReadOrRefusedWithAMessage() throws IOException {
        Path bundle = TinyBundle.write(folder);
        List<String> names = List.of("graft.json", "parity.json", "scores.json", "model.onnx", "tokenizer.json");
        List<byte[]> originals =
                names.stream().map(name -> bytes(bundle.resolve(name))).toList();
        long end = System.nanoTime() + SECONDS * 500_000_000L;
        int read = 0;
        int refused = 0;
        for (long seed = SEED; System.nanoTime() < end; seed++) {
            var random = new Random(seed);
            int chosen = random.nextInt(names.size());
            Path file = bundle.resolve(names.get(chosen));
            Files.write(file, Damage.of(originals.get(chosen), random));
            boolean consistent = random.nextInt(4) > 0 && chosen > 0;
            if (consistent) {
                Damage.sign(bundle, names.get(chosen), originals.get(0));
            }
            if (isRead(bundle, seed)) {
                read++;
            } else {
                refused++;
            }
            Files.write(file, originals.get(chosen));
            Files.write(bundle.resolve(Manifest.FILE), originals.get(0));
        }
        assertThat(read).as("damaged bundles that were read").isPositive();
        assertThat(refused).as("damaged bundles that were refused").isPositive();
        System.getLogger("fuzz").log(System.Logger.Level.INFO, "bundles read {0}, refused {1}", read, refused);
    }

    private static boolean isRead(Path bundle, long seed) {
        try {
            Bundle opened = Bundle.open(bundle);
            opened.parity();
            opened.scores();
            opened.graph();
            return true;
        } catch (InputException expected) {
            assertThat(expected).message().isNotBlank();
            return false;
        } catch (RuntimeException | Error e) {
            return fail("Seed " + seed + " brought out " + e, e);
        }
    }

    @Test
    void damagedSafetensorsAreReadOrRefusedWithAMessage() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, TinyBundle.graph().weights(), java.util.Map.of("step", "1"));
        byte[] original = Files.readAllBytes(file);
        long end = System.nanoTime() + SECONDS * 500_000_000L;
        for (long seed = SEED; System.nanoTime() < end; seed++) {
            Path damaged = Files.write(folder.resolve("damaged"), Damage.of(original, new Random(seed)));
            try {
                Safetensors.read(damaged)
                        .arrays()
                        .values()
                        .forEach(array -> assertThat(array).isEqualTo(array.reshape(array.shape())));
            } catch (InputException expected) {
                assertThat(expected).message().isNotBlank();
            } catch (RuntimeException | Error e) {
                fail("Seed " + seed + " brought out " + e, e);
            }
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
