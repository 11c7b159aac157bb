import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.ImageHead;
import dev.graft.rewrite.LiftConstants;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import dev.graft.train.ArrayRows;
import dev.graft.train.Checkpoints;
import dev.graft.train.Listener;
import dev.graft.train.Recipe;
import dev.graft.train.RowsValidation;
import dev.graft.train.Strategy;
import dev.graft.train.Training;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/** Tunes an image network on two new classes: stripes that lie and stripes that stand. */
public final class TrainImages {
    private static final int SIDE = 8;

    public static void main(String[] arguments) {
        Onnx.write(network(), Path.of("network.onnx"));
        var train = pictures(96, 1);
        var held = pictures(32, 2);

        var network = new LiftConstants().apply(Onnx.read(Path.of("network.onnx")));
        var graph = new ImageHead(2, 42).apply(network);
        var recipe = Recipe.DEFAULT.withEpochs(10).withLearningRate(1e-2);
        var checkpoints = new Checkpoints(Path.of("stripes.training"), "stripes", Duration.ofMinutes(5));
        try (var trained = new Torch(TorchSettings.defaults(), Fusion.standard()).prepare(graph)) {
            var validation = new RowsValidation(held, 32);
            var policy = Strategy.full().policy(recipe, Depths.of(graph), 42);
            var history = new Training(
                            trained, graph, train, validation, policy, checkpoints, Listener.NONE, () -> false)
                    .run();
            Onnx.write(trained.graph(), Path.of("stripes.onnx"));
            System.out.printf("accuracy %.2f%n", history.best().orElseThrow().validationMetric());
        }
    }

    /** A network that knows ten other classes; one that is read from a file takes its place. */
    private static Graph network() {
        var random = new Random(3);
        var graph = GraphText.parse("""
                g (float[N,1,8,8] image) => (float[N,10] scores)
                   <float[8,1,3,3] filters = {...}, float[8,8,3,3] more = {...}, float[10,8] classes = {...}> {
                  a = Conv (image, filters)
                  b = Relu (a)
                  c = Conv (b, more)
                  d = Relu (c)
                  e = GlobalAveragePool (d)
                  f = Flatten (e)
                  scores = Gemm <transB = 1> (f, classes)
                }
                """);
        var weights = new java.util.LinkedHashMap<>(graph.weights());
        weights.replaceAll((name, array) -> normal(array, random));
        return graph.withWeights(weights);
    }

    private static Array normal(Array like, Random random) {
        var values = new float[(int) like.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.3 * random.nextGaussian());
        }
        return Array.of(values, like.shape());
    }

    private static ArrayRows pictures(int count, long seed) {
        var random = new Random(seed);
        var pixels = new float[count * SIDE * SIDE];
        var labels = new int[count];
        for (int row = 0; row < count; row++) {
            labels[row] = random.nextInt(2);
            for (int i = 0; i < SIDE * SIDE; i++) {
                int across = labels[row] == 0 ? i / SIDE : i % SIDE;
                pixels[row * SIDE * SIDE + i] = (float) (across % 2 + 0.3 * random.nextGaussian());
            }
        }
        return new ArrayRows(Map.of("image", Array.of(pixels, count, 1, SIDE, SIDE)), labels);
    }
}
