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
        var recipe = Recipe.DEFAULT.withLearningRate(5e-5).withEpochs(2).withMaxLength(64);
        var result = Graft.train(TextClassification.from(rows).labelled("text", "label"))
                .model("minilm")
                .strategy(Strategy.full())
                .allowNegativeTransfer(true)
                .recipe(recipe)
                .seed(7)
                .output(Path.of("recipe-model"))
                .listener(new Listener() {
                    @Override
                    public void epochEnded(History.Epoch epoch, boolean kept) {
                        System.out.printf("epoch %d: accuracy %.3f%n", epoch.number(), epoch.validationMetric());
                    }
                })
                .run();
        var accuracy = result.sheet().scores().accuracy();
        System.out.printf("accuracy %.3f, from %.3f to %.3f%n", accuracy.value(), accuracy.low(), accuracy.high());
    }
}
