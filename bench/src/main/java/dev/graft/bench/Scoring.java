package dev.graft.bench;

import dev.graft.train.FrozenPass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One answer from a cold start, and passes over a file of texts. */
final class Scoring {
    private static final String TEXT = "My card has not arrived and I want my money back";
    private static final String CLASSIFY =
            "import sys; from transformers import pipeline; print(pipeline('text-classification', model=sys.argv[1])"
                    + "(sys.argv[2]))";
    private static final String SAVE =
            "import sys; sys.path.insert(0, sys.argv[1]); from common import minilm; from transformers import"
                    + " AutoModelForSequenceClassification as M, AutoTokenizer as T;"
                    + " M.from_pretrained(minilm(), num_labels=12).save_pretrained(sys.argv[2]);"
                    + " T.from_pretrained(minilm()).save_pretrained(sys.argv[2])";

    private static final String FROZEN = "frozen.py";
    private static final String LIMIT = "ort_limit.py";

    private final Sides sides;
    private final Places places;

    private Scoring(Sides sides) {
        this.sides = sides;
        this.places = sides.places();
    }

    /** Seconds from the start of a process to the answer for one text. */
    static List<Comparison> oneText(Sides sides) throws IOException {
        return new Scoring(sides).oneText();
    }

    /** Rows a second over Banking77's training texts. */
    static List<Comparison> rows(Sides sides) throws IOException {
        return new Scoring(sides).rows();
    }

    private List<Comparison> oneText() throws IOException {
        String python = places.python().toString();
        String model = sides.fresh("transformers").toString();
        sides.run(List.of(python, "-c", SAVE, places.peers().toString(), model));
        Path bundle = bundle();
        var turns = new Turns();
        for (int i = 0; i <= sides.rounds(); i++) {
            double other =
                    sides.run(List.of(python, "-c", CLASSIFY, model, TEXT)).seconds();
            double own = sides.graft("predict", bundle.toString(), TEXT).seconds();
            if (i > 0) { // the first round warms the file cache
                turns.add("transformers pipeline", other);
                turns.add("graft", own);
            }
        }
        return List.of(turns.less(
                "`graft predict` on one text, process start to answer, s", "graft", "transformers pipeline", "3"));
    }

    private List<Comparison> rows() throws IOException {
        Path bundle = bundle();
        var turns = new Turns();
        for (int i = 0; i < sides.rounds(); i++) {
            turns.add(FROZEN, frozen().figure("rows_per_s"));
            turns.add("graft predict", predicted(bundle, i));
            turns.add(LIMIT, limit(bundle).figure("rows_per_s"));
            turns.add(
                    "pass",
                    sides.program(FrozenPass.class, places.banking("train")).figure("rows_per_s"));
        }
        return List.of(
                turns.more(
                        "`graft predict --input`, 10,003 texts, whole process, rows/s", "graft predict", FROZEN, "2"),
                turns.more("the same", "graft predict", LIMIT, "—"),
                turns.more("a frozen pass over the same texts, bfloat16, rows/s", "pass", FROZEN, "5"));
    }

    private Measured frozen() throws IOException {
        return sides.peer(FROZEN, "--train", places.banking("train"), "--test", places.banking("test"));
    }

    private Measured limit(Path bundle) throws IOException {
        return sides.peer(
                LIMIT,
                "--model",
                bundle.resolve("model.onnx").toString(),
                "--tokenizer",
                bundle.toString(),
                "--data",
                places.banking("train"),
                "--batch",
                "32");
    }

    private double predicted(Path bundle, int round) throws IOException {
        Path answers = places.work().resolve("answers-" + round + ".csv");
        Files.deleteIfExists(answers);
        double seconds = sides.graft(
                        "predict",
                        bundle.toString(),
                        "--input",
                        places.banking("train"),
                        "--output",
                        answers.toString())
                .seconds();
        try (var lines = Files.lines(answers)) {
            return (lines.count() - 1) / seconds;
        }
    }

    /** A bundle of the example, trained once; its accuracy plays no part. */
    private Path bundle() throws IOException {
        Path bundle = places.work().resolve("support");
        if (!Files.isDirectory(bundle)) {
            Files.createDirectories(places.work());
            sides.graft(
                    "train",
                    "examples/support.csv",
                    "--strategy=full",
                    "--epochs=1",
                    "--allow-negative-transfer",
                    "--output",
                    bundle.toString());
        }
        return bundle;
    }
}
