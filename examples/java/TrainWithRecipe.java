import dev.graft.data.Table;
import dev.graft.task.TextClassification;
import dev.graft.train.Graft;
import dev.graft.train.History;
import dev.graft.train.Listener;
import dev.graft.train.Recipe;
import dev.graft.train.Strategy;
import java.nio.file.Path;

/** Trains with columns, numbers and a listener of one's own, and looks at what came of it. */
public final class TrainWithRecipe {
    public static void main(String[] arguments) {
        var rows = Table.read(Path.of("examples/support.csv"));
        double learningRate = 5e-5;
        int epochs = 2;
        int batchSize = 16;
        int maxLength = 64;
        var recipe = new Recipe(learningRate, epochs, batchSize, maxLength, 0.1, 0.01, 0, 0.1, 1, 1, 3);
        var result = Graft.train(TextClassification.from(rows).labelled("text", "label"))
                .model("minilm")
                .strategy(Strategy.full())
                .recipe(recipe)
                .seed(7)
                .output(Path.of("recipe-model"))
                .listener(new Listener() {
                    @Override
                    public void epochEnded(History.Epoch epoch, boolean kept) {
                        System.out.printf("epoch %d: accuracy %.3f%n", epoch.number(), epoch.validationAccuracy());
                    }
                })
                .run();
        var accuracy = result.sheet().scores().accuracy();
        System.out.printf("accuracy %.3f, from %.3f to %.3f%n", accuracy.value(), accuracy.low(), accuracy.high());
    }
}
