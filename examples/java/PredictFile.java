import dev.graft.data.Columns;
import dev.graft.data.RowSource;
import dev.graft.predict.Predictor;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Counts a file's answers by label; the file may be larger than memory. */
public final class PredictFile {
    public static void main(String[] arguments) {
        var file = Path.of("examples/support.csv");
        try (var predictor = Predictor.open(Path.of("support-model"));
                var rows = RowSource.open(file)) {
            var columns = Columns.textOnly(file, rows.columns(), rows.sample(), Optional.empty());
            var texts = StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.values().get(columns.text()));
            long refunds = predictor.predict(texts.iterator())
                    .filter(answer -> answer.label().equals("refund_status"))
                    .count();
            System.out.println(refunds + " messages ask about a refund");
        }
    }
}
