package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.graft.GraftException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Damage;
import dev.graft.bundle.Manifest;
import dev.graft.bundle.TinyBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens and asks bundles whose model or tokenizer is damaged while every digest is right, as a forger would make them:
 * the damage reaches the native libraries, which must refuse it and not crash.
 */
@Tag("slow")
class PredictorFuzzTest {
    private static final int SECONDS = Integer.getInteger("graft.fuzz.seconds", 6);
    private static final long SEED = Long.getLong("graft.fuzz.seed", 20261121L);
    private static final PredictorSettings SMALL = new PredictorSettings(1, 4);

    @TempDir
    Path folder;

    @Test
    void aForgedBundleIsUsedOrRefusedWithAMessage() throws IOException {
        Path bundle = TinyBundle.write(folder);
        byte[] manifest = Files.readAllBytes(bundle.resolve(Manifest.FILE));
        int answered = 0;
        int refused = 0;
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        for (long seed = SEED; System.nanoTime() < end; seed++) {
            var random = new Random(seed);
            String name = random.nextInt(3) > 0 ? Bundle.MODEL : Bundle.TOKENIZER;
            byte[] original = Files.readAllBytes(bundle.resolve(name));
            Files.write(bundle.resolve(name), Damage.of(original, random));
            Damage.sign(bundle, name, manifest);
            if (answers(bundle, seed)) {
                answered++;
            } else {
                refused++;
            }
            Files.write(bundle.resolve(name), original);
        }
        assertThat(answered).as("forged bundles that still compute the same").isPositive();
        assertThat(refused).as("forged bundles that were refused").isPositive();
        System.getLogger("fuzz").log(System.Logger.Level.INFO, "bundles used {0}, refused {1}", answered, refused);
    }

    private static boolean answers(Path bundle, long seed) {
        try (Predictor predictor = Predictor.open(bundle, SMALL)) {
            return predictor.predict(List.of("card lost", "money")).size() == 2;
        } catch (GraftException expected) {
            assertThat(expected).message().isNotBlank();
            return false;
        } catch (RuntimeException | Error e) {
            return fail("Seed " + seed + " brought out " + e, e);
        }
    }
}
