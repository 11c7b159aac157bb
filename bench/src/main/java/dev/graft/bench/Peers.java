package dev.graft.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The comparisons with the Python stack; in each, the rounds of the two sides take turns. */
final class Peers {
    /** What {@code ./graft train} sets, see launch.sh. */
    static final Map<String, String> ALLOCATOR = Map.of(
            "MALLOC_ARENA_MAX", "2",
            "MALLOC_MMAP_THRESHOLD_", "1073741824",
            "MALLOC_TRIM_THRESHOLD_", "4294967296",
            "MALLOC_TOP_PAD_", "268435456",
            "GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0");

    private static final List<String> HEAP = List.of("-XX:+UseSerialGC", "-Xmn16m");

    private static final String TEXT = "My card has not arrived and I want my money back";
    private static final String CLASSIFY =
            "import sys; from transformers import pipeline; print(pipeline('text-classification', model=sys.argv[1])"
                    + "(sys.argv[2]))";
    private static final String SAVE =
            "import sys; sys.path.insert(0, sys.argv[1]); from common import minilm; from transformers import"
                    + " AutoModelForSequenceClassification as M, AutoTokenizer as T;"
                    + " M.from_pretrained(minilm(), num_labels=12).save_pretrained(sys.argv[2]);"
                    + " T.from_pretrained(minilm()).save_pretrained(sys.argv[2])";

    private final Places places;
    private final int rounds;

    Peers(Places places, int rounds) {
        this.places = places;
        this.rounds = rounds;
    }

    private Measured run(List<String> command) throws IOException {
        System.err.println("running " + String.join(" ", command));
        return Measured.run(command, places.environment(), places.root());
    }

    /** Seconds of full training steps at fixed shapes. */
    List<Comparison> step() throws IOException {
        return List.of(step(16, 128, "FP32", "1.3"), step(16, 128, "BF16", "2.5"), step(32, 32, "BF16", "2.5"));
    }

    private Comparison step(int batch, int length, String precision, String asked) throws IOException {
        List<Double> graft = new ArrayList<>();
        List<Double> peer = new ArrayList<>();
        String rows = String.valueOf(batch);
        String tokens = String.valueOf(length);
        List<String> script = new ArrayList<>(List.of("--steps", "12", "--batch", rows, "--length", tokens));
        if (precision.equals("BF16")) {
            script.add("--bf16");
        }
        List<String> own = new ArrayList<>(java(TrainingStep.class));
        own.addAll(1, HEAP);
        own.addAll(List.of(rows, tokens, "12", "2", "0.1", precision));
        for (int i = 0; i < rounds; i++) {
            peer.add(
                    run(places.script("step.py", script.toArray(String[]::new))).figure("step_s_median"));
            graft.add(Measured.run(own, ALLOCATOR, places.root()).figure("step_s_median"));
        }
        String what =
                "full step " + rows + " × " + tokens + ", dropout 0.1, " + precision.toLowerCase(Locale.ROOT) + ", s";
        String against = precision.equals("BF16") ? "`step.py --bf16`" : "`step.py`";
        return new Comparison(what, against, asked, true, graft, peer);
    }

    /** Five epochs of full fine-tuning on Banking77: accuracy, time, memory. */
    List<Comparison> fineTuning() throws IOException {
        Path bundle = fresh("banking");
        Measured own = run(places.graft(
                "train",
                places.banking("train"),
                "--test",
                places.banking("test"),
                "--output",
                bundle.toString(),
                "--epochs=5",
                "--learning-rate=1e-4",
                "--batch-size=32",
                "--max-length=128",
                "--early-stopping-patience=0",
                "--validation-share=0.02",
                "--json"));
        Measured other = run(
                places.script("hf_finetune.py", "--train", places.banking("train"), "--test", places.banking("test")));
        Answer answer = Answer.of(own);
        return List.of(
                new Comparison(
                        "Banking77, 5 epochs, test accuracy",
                        "`hf_finetune.py`",
                        "within 0.005, or better",
                        false,
                        List.of(answer.accuracy()),
                        List.of(other.figure("accuracy"))),
                new Comparison(
                        "the same, training time, s",
                        "`hf_finetune.py`",
                        "2",
                        true,
                        List.of(answer.trainingSeconds()),
                        List.of(other.figure("training_s"))),
                new Comparison(
                        "the same, peak resident memory, MiB",
                        "`hf_finetune.py`",
                        "1.43 (0.7 × the memory)",
                        true,
                        List.of(own.peakMebibytes()),
                        List.of(other.figure("peak_mib"))));
    }

    /** Seconds from the start of a process to the answer for one text. */
    List<Comparison> oneText() throws IOException {
        Path model = fresh("transformers");
        run(List.of(places.python().toString(), "-c", SAVE, places.peers().toString(), model.toString()));
        Path bundle = bundle();
        List<Double> graft = new ArrayList<>();
        List<Double> peer = new ArrayList<>();
        for (int i = 0; i < rounds + 1; i++) {
            double other = run(List.of(places.python().toString(), "-c", CLASSIFY, model.toString(), TEXT))
                    .seconds();
            double own = run(places.graft("predict", bundle.toString(), TEXT)).seconds();
            if (i > 0) { // the first round warms the file cache
                peer.add(other);
                graft.add(own);
            }
        }
        return List.of(new Comparison(
                "`graft predict` on one text, process start to answer, s",
                "`transformers` pipeline",
                "3",
                true,
                graft,
                peer));
    }

    /** Rows a second over Banking77's training texts. */
    List<Comparison> scoring() throws IOException {
        Path bundle = bundle();
        List<Double> graft = new ArrayList<>();
        List<Double> frozen = new ArrayList<>();
        List<Double> limit = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            frozen.add(run(places.script(
                            "frozen.py", "--train", places.banking("train"), "--test", places.banking("test")))
                    .figure("rows_per_s"));
            graft.add(scoredRows(bundle, i));
            limit.add(run(places.script(
                            "ort_limit.py",
                            "--model",
                            bundle.resolve("model.onnx").toString(),
                            "--tokenizer",
                            bundle.toString(),
                            "--data",
                            places.banking("train"),
                            "--batch",
                            "32"))
                    .figure("rows_per_s"));
        }
        return List.of(
                new Comparison(
                        "`graft predict --input`, 10,003 texts, whole process, rows/s",
                        "`frozen.py`, encoding alone",
                        "2",
                        false,
                        graft,
                        frozen),
                new Comparison("the same", "`ort_limit.py`, batch 32: the limit", "—", false, graft, limit));
    }

    private double scoredRows(Path bundle, int round) throws IOException {
        Path answers = places.work().resolve("answers-" + round + ".csv");
        Files.deleteIfExists(answers);
        double seconds = run(places.graft(
                        "predict",
                        bundle.toString(),
                        "--input",
                        places.banking("train"),
                        "--output",
                        answers.toString()))
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
            run(places.graft("train", "examples/support.csv", "--epochs=1", "--output", bundle.toString()));
        }
        return bundle;
    }

    private Path fresh(String name) throws IOException {
        Files.createDirectories(places.work());
        Path folder = places.work().resolve(name);
        dev.graft.SafeFile.delete(folder);
        return folder;
    }

    /** The command that runs a program of this module. */
    static List<String> java(Class<?> program) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.openblas.load=mkl",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName());
    }

    /** What {@code graft train --json} said. */
    private record Answer(double accuracy, double trainingSeconds) {
        static Answer of(Measured run) {
            int start = run.text().indexOf("{\n");
            try {
                var tree = new com.fasterxml.jackson.databind.ObjectMapper()
                        .readTree(run.text().substring(start, run.text().lastIndexOf('}') + 1));
                double seconds = 0;
                for (var epoch : tree.get("history").get("epochs")) {
                    seconds += epoch.get("seconds").asDouble();
                }
                return new Answer(tree.at("/sheet/scores/accuracy/value").asDouble(), seconds);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
