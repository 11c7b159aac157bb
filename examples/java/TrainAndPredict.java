import dev.graft.data.Table;
import dev.graft.predict.Predictor;
import dev.graft.task.TextClassification;
import dev.graft.train.Graft;
import java.nio.file.Path;

/** Trains on the example's rows, says how good the model is, and asks it one question. */
public final class TrainAndPredict {
    public static void main(String[] arguments) {
        var rows = Table.read(Path.of("examples/support.csv"));
        var result = Graft.train(TextClassification.from(rows)).run();
        System.out.println(result.sheet().headline());
        try (var predictor = Predictor.open(result.bundle().folder())) {
            var answer = predictor.predict("Where is my parcel?");
            System.out.printf("%s (%.2f)%n", answer.label(), answer.probability());
        }
    }
}
