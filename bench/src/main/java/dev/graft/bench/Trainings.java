package dev.graft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whole trainings: accuracy, time, memory. */
final class Trainings {
    private static final String PEER = "hf_finetune.py";
    private static final String FROZEN = "frozen.py";
    private static final int TEST_ROWS = 60;

    private final Sides sides;
    private final String train;
    private final String test;

    private Trainings(Sides sides) {
        this.sides = sides;
        train = sides.places().banking("train");
        test = sides.places().banking("test");
    }

    /** Five epochs of full fine-tuning on Banking77, one run a side. */
    static List<Comparison> full(Sides sides) throws IOException {
        return new Trainings(sides).full();
    }

    /** A head on the frozen encoder, on Banking77. */
    static List<Comparison> head(Sides sides) throws IOException {
        return new Trainings(sides).head();
    }

    /** The default on the example's 902 rows, from start to bundle. */
    static List<Comparison> example(Sides sides) throws IOException {
        return new Trainings(sides).example();
    }

    private Measured graft(String data, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("train", data, "--json"));
        command.addAll(List.of(options));
        command.addAll(List.of("--output", sides.fresh("trained").toString()));
        return sides.graft(command.toArray(String[]::new));
    }

    private List<Comparison> full() throws IOException {
        Measured own = graft(
                train,
                "--test",
                test,
                "--strategy=full",
                "--epochs=5",
                "--learning-rate=1e-4",
                "--batch-size=32",
                "--max-length=128",
                "--early-stopping-patience=0",
                "--validation-share=0.02",
                "--allow-negative-transfer");
        Measured peer = sides.peer(PEER, "--train", train, "--test", test);
        Measured head = graft(train, "--test", test, "--strategy=head", "--cache-size=0");
        double whole = peer.figure("wall_s") - peer.figure("evaluation_s");
        String name = "`" + PEER + "`";
        return List.of(
                one("Banking77, 5 epochs, test accuracy", name, false, "equal", accuracy(own), peer.figure("accuracy")),
                one("the same, training time, s", name, true, "8", trainingSeconds(own), peer.figure("training_s")),
                one(
                        "the same, peak resident memory, MiB",
                        name,
                        true,
                        "1.43 (0.7 × the memory)",
                        own.peakMebibytes(),
                        peer.figure("peak_mib")),
                one(
                        "Banking77, `--strategy head`, test accuracy",
                        name,
                        false,
                        "equal",
                        accuracy(head),
                        peer.figure("accuracy")),
                one(
                        "the same, start to bundle, s",
                        name + ", start to the end of training",
                        true,
                        "20",
                        head.seconds(),
                        whole));
    }

    private static Comparison one(String what, String peer, boolean less, String asked, double own, double other) {
        return new Comparison(what, peer, asked, less, List.of(own), List.of(other));
    }

    private List<Comparison> head() throws IOException {
        graft(train, "--test", test, "--strategy=head"); // fills the cache
        var turns = new Turns();
        var scores = new Turns();
        for (int i = 0; i < sides.rounds(); i++) {
            Measured peer = sides.peer(FROZEN, "--train", train, "--test", test);
            Measured first = graft(train, "--test", test, "--strategy=head", "--cache-size=0");
            turns.add(FROZEN, peer.seconds());
            turns.add("first", first.seconds());
            turns.add("again", graft(train, "--test", test, "--strategy=head").seconds());
            scores.add(FROZEN, peer.figure("accuracy"));
            scores.add("first", accuracy(first));
        }
        return List.of(
                scores.more("Banking77, `--strategy head`, test accuracy", "first", FROZEN, "equal"),
                turns.less("the same without a cache, start to bundle, s", "first", FROZEN, "2"),
                turns.less("the same once more, from the cache", "again", FROZEN, "10"));
    }

    private List<Comparison> example() throws IOException {
        String rows = sides.places().root().resolve("examples/support.csv").toString();
        Path few = sides.fresh("few.csv");
        List<String> lines = Files.readAllLines(Path.of(rows));
        Files.write(few, lines.subList(0, TEST_ROWS + 1));
        var turns = new Turns();
        for (int i = 0; i < sides.rounds(); i++) {
            Measured peer = sides.peer(PEER, "--train", rows, "--test", few.toString());
            turns.add(PEER, peer.seconds() - peer.figure("evaluation_s"));
            turns.add("default", graft(rows, "--cache-size=0").seconds());
            turns.add("head", graft(rows, "--strategy=head", "--cache-size=0").seconds());
        }
        return List.of(
                turns.less("`graft train examples/support.csv`, start to bundle, s", "default", PEER, "5"),
                turns.less("the same, `--strategy head`", "head", PEER, "—"));
    }

    private static double accuracy(Measured run) {
        return answer(run).at("/sheet/scores/accuracy/value").asDouble();
    }

    /** Time within epochs, scoring left out. */
    private static double trainingSeconds(Measured run) {
        double seconds = 0;
        for (JsonNode epoch : answer(run).at("/history/epochs")) {
            seconds += epoch.get("seconds").asDouble();
        }
        return seconds;
    }

    /** What {@code graft train --json} said. */
    private static JsonNode answer(Measured run) {
        String text = run.text();
        try {
            return new ObjectMapper().readTree(text.substring(text.indexOf("{\n"), text.lastIndexOf('}') + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
