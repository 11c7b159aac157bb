package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.Array;
import dev.graft.torch.TorchSettings;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerMixTest {
    private static final TorchSettings SETTINGS = TorchSettings.defaults().withThreads(1);
    private static final int ROWS = 300;
    private static final int WIDTH = 8;

    private static int[] labels() {
        int[] labels = new int[ROWS];
        Arrays.setAll(labels, row -> row % 2);
        return labels;
    }

    /** Two layers of which one tells the label and the other is noise. */
    private static Array features(boolean lowerTells) {
        Random random = new Random(11);
        float[] features = new float[ROWS * 2 * WIDTH];
        for (int i = 0; i < features.length; i++) {
            boolean lower = i % (2 * WIDTH) >= WIDTH;
            double signal = lower == lowerTells ? 1.2 * labels()[i / (2 * WIDTH)] : 0;
            features[i] = (float) (random.nextGaussian() * (lower == lowerTells ? 1 : 3) + signal);
        }
        return Array.of(features, ROWS, 2 * WIDTH);
    }

    private static LayerMix chosen(boolean lowerTells) {
        return LayerMix.chosen(SETTINGS, features(lowerTells), labels(), ROWS, 2, 2, 42);
    }

    @Test
    void lowerLayersThatTellTheLabelAreRead() {
        assertThat(chosen(true).share()).isEqualTo(1);
    }

    @Test
    void lowerLayersThatAreNoiseAreLeftOut() {
        assertThat(chosen(false).share()).isZero();
    }

    @Test
    void oneLayerIsReadAsItIs() {
        LayerMix mix = LayerMix.chosen(SETTINGS, features(true), labels(), ROWS, 1, 2, 42);
        assertThat(mix.of(features(true))).isEqualTo(features(true));
    }

    @Test
    void theLastLayerAloneStandsFirst() {
        Array mixed = new LayerMix(2, 0).of(Array.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4));
        assertThat(mixed).isEqualTo(Array.of(new float[] {1, 2, 5, 6}, 2, 2));
    }

    @Test
    void aHeadOnMixedFeaturesSaysTheSameOfThoseThatCame() {
        Array features = features(true);
        for (double share : new double[] {0, 0.3, 1}) {
            LayerMix mix = new LayerMix(2, share);
            Array mixed = mix.of(features);
            float[] weight = new float[2 * Math.toIntExact(mixed.size(1))];
            for (int i = 0; i < weight.length; i++) {
                weight[i] = i % 7 - 3;
            }
            var solution = new LinearProbe.Solution(
                    Array.of(weight, 2, mixed.size(1)),
                    Array.of(new float[] {1, -1}, 2),
                    0.1,
                    0,
                    new Validation.Result(0, 0));
            float[][] expected = solution.logits(mixed);
            float[][] undone = mix.undone(solution).logits(features);
            for (int row = 0; row < ROWS; row++) {
                assertThat(undone[row]).containsExactly(expected[row], org.assertj.core.data.Offset.offset(1e-4f));
            }
        }
    }
}
