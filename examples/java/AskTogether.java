import dev.graft.predict.Predictor;
import java.nio.file.Path;
import java.util.List;

/** Asks for several answers at one time: they are computed together. */
public final class AskTogether {
    public static void main(String[] arguments) {
        try (var predictor = Predictor.open(Path.of("support-model"))) {
            var questions = List.of("Where is my parcel?", "I want my money back", "The app crashes");
            var answers = questions.stream().map(predictor::predictAsync).toList();
            for (int i = 0; i < questions.size(); i++) {
                System.out.println(questions.get(i) + " " + answers.get(i).join().label());
            }
        }
    }
}
