package dev.graft.bench;

import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.Selector;
import dev.graft.graph.Sites;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.torch.Loss;
import dev.graft.torch.Network;
import dev.graft.torch.Optimizer;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Seconds for one full training step (forward, backward, AdamW) of ResNet-20 on 32 × 32 pictures: the peer is {@code
 * bench/resnet_step.py}.
 *
 * <p>Arguments: the model's file, then batch, steps, threads; by default 64 30 2.
 */
public final class ImageStep {
    private static final int SIDE = 32;
    private static final int CLASSES = 10;
    private static final int WARM_UP = 5;

    private ImageStep() {}

    public static void main(String[] arguments) {
        Graph graph = Onnx.read(Path.of(arguments[0]));
        int batch = whole(arguments, 1, 64);
        int steps = whole(arguments, 2, 30);
        int threads = whole(arguments, 3, 2);
        var torch = new Torch(TorchSettings.defaults().withThreads(threads), Fusion.standard());
        try (Network network = torch.prepare(graph)) {
            network.trainable(Sites.of(graph).weights(Selector.learnable()));
            double[] seconds = measure(network, batch, steps);
            System.out.printf(
                    Locale.ROOT,
                    "{\"batch\": %d, \"step_s_min\": %.5f, \"step_s_median\": %.5f}%n",
                    batch,
                    seconds[0],
                    seconds[seconds.length / 2]);
        }
    }

    private static double[] measure(Network network, int batch, int steps) {
        var random = new Random(0);
        float[] pixels = new float[batch * 3 * SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        Map<String, Array> inputs = Map.of("image", Array.of(pixels, batch, 3, SIDE, SIDE));
        Array targets = Array.of(random.longs(batch, 0, CLASSES).toArray(), batch);
        Optimizer optimizer = Optimizer.adamW(0.01, Set.of());
        double[] seconds = new double[WARM_UP + steps];
        for (int step = 0; step < seconds.length; step++) {
            long start = System.nanoTime();
            network.learn(inputs, targets, Loss.CrossEntropy.plain(), 1, step);
            network.step(optimizer, name -> 1e-3);
            seconds[step] = (System.nanoTime() - start) / 1e9;
        }
        double[] warm = Arrays.copyOfRange(seconds, WARM_UP, seconds.length);
        Arrays.sort(warm);
        return warm;
    }

    private static int whole(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }
}
