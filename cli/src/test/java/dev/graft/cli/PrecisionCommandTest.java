package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.bundle.Parity;
import dev.graft.bundle.SmallEncoder;
import dev.graft.bundle.TinyBundle;
import dev.graft.data.Examples;
import dev.graft.data.Table;
import dev.graft.ort.OrtRuntime;
import dev.graft.predict.Answer;
import dev.graft.predict.Engine;
import dev.graft.predict.Predictor;
import dev.graft.predict.PredictorSettings;
import dev.graft.run.Session;
import dev.graft.serve.InferenceServer;
import dev.graft.serve.ServeSettings;
import dev.graft.task.TextClassification;
import dev.graft.tensor.Array;
import dev.graft.torch.Processor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers in bfloat16, on libtorch. */
class PrecisionCommandTest {
    /** The share of texts that get the same label in bfloat16 as in float32, at least. */
    private static final double SAME_LABELS = 0.99;

    /** How far a label's probability is from what it is in float32, at most. */
    private static final double ROUNDED_PROBABILITY = 0.03;

    private static final int CALLERS = 4;

    @TempDir
    Path folder;

    private static Engine bfloat16() {
        return PrecisionOptions.bfloat16(console(new ByteArrayOutputStream()), Processor.present());
    }

    private static Console console(ByteArrayOutputStream messages) {
        var stream = new PrintStream(messages, true, StandardCharsets.UTF_8);
        return new Console(stream, stream);
    }

    private Path small(Parity parity) throws IOException {
        return SmallEncoder.write(folder.resolve("small"), parity);
    }

    private static float[] logits() {
        try (Session session = new OrtRuntime().prepare(SmallEncoder.graph())) {
            Map<String, Array> inputs = Map.of(
                    "input_ids", Array.of(new long[] {2, 4, 3}, 1, 3),
                    "attention_mask", Array.of(new long[] {1, 1, 1}, 1, 3));
            return session.run(inputs).values().iterator().next().floats();
        }
    }

    private static Parity parity(double tolerance, float... outputs) {
        return new Parity(tolerance, List.of(Parity.Example.of("card", new int[] {2, 4, 3}, outputs)));
    }

    @Test
    void aPrecisionThatThereIsNotIsNamed() throws IOException {
        String bundle = TinyBundle.write(folder).toString();
        String data = Files.writeString(folder.resolve("rows.csv"), "text,label\ncard lost,card\n")
                .toString();
        for (String[] command : new String[][] {
            {"serve", bundle, "--port", "0"}, {"predict", bundle, "card"}, {"evaluate", bundle, data}
        }) {
            String[] words = Arrays.copyOf(command, command.length + 2);
            words[command.length] = "--precision";
            words[command.length + 1] = "fp16";
            Ran.of(folder, words).isRefusedWith("--precision must be fp32 or bf16, not 'fp16'");
        }
    }

    @Test
    void aBundleIsAnsweredInBfloat16() throws IOException {
        Path bundle = small(parity(Parity.TOLERANCE, logits()));
        Ran exact = Ran.of(folder, "predict", bundle.toString(), "card lost");
        Ran rounded = Ran.of(folder, "predict", bundle.toString(), "card lost", "--precision", "bf16");
        assertThat(rounded.exitCode()).as(rounded.messages()).isZero();
        assertThat(label(rounded)).isEqualTo(label(exact));
        assertThat(rounded.answer()).isNotEqualTo(exact.answer());
    }

    private static String label(Ran ran) {
        return ran.answer().lines().findFirst().orElse("").replaceAll("^\\S+\\s+", "");
    }

    @Test
    void aFileIsAnsweredAndScoredInBfloat16() throws IOException {
        Path bundle = small(parity(Parity.TOLERANCE, logits()));
        Path rows = Files.writeString(folder.resolve("rows.csv"), "text,label\ncard lost,card\nmoney sent,other\n");
        Ran evaluated = Ran.of(folder, "evaluate", bundle.toString(), rows.toString(), "--precision", "bf16");
        assertThat(evaluated.exitCode()).as(evaluated.messages()).isZero();
        Ran predicted = Ran.in(folder, "predict @small --input @rows.csv --output @answers.csv --precision bf16");
        assertThat(predicted.exitCode()).as(predicted.messages()).isZero();
        assertThat(Files.readAllLines(folder.resolve("answers.csv"))).hasSize(3);
    }

    @Test
    void aBundleThatBfloat16MovesTooFarIsRefusedThatFloat32Takes() throws IOException {
        float[] other = logits();
        other[0] += 2;
        small(parity(10, other));
        assertThat(Ran.in(folder, "predict @small card").exitCode()).isZero();
        Ran.in(folder, "predict @small card --precision bf16")
                .isRefusedWith("does not bear being computed in bf16", "use --precision fp32");
    }

    @Test
    void aModelWithoutLargeProductsIsRefused() throws IOException {
        TinyBundle.write(folder);
        Ran.in(folder, "predict @tiny-bundle card --precision bf16")
                .isRefusedWith("would be computed in bf16", "take fp32");
    }

    @Test
    void whoeverAsksForItWhereItIsSlowIsTold() {
        var messages = new ByteArrayOutputStream();
        PrecisionOptions.bfloat16(console(messages), new Processor(Set.of("avx2")));
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("neither avx512_bf16 nor amx_bf16");
        messages.reset();
        PrecisionOptions.bfloat16(console(messages), new Processor(Set.of("amx_bf16")));
        assertThat(messages.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aServerIsAskedWhileItsModelComesAndGoes() throws Exception {
        Path bundle = small(parity(Parity.TOLERANCE, logits()));
        ServeSettings settings = settings().withEngine(bfloat16());
        var pool = Executors.newFixedThreadPool(CALLERS);
        var over = new AtomicBoolean();
        try (InferenceServer server = InferenceServer.start(Map.of("small", bundle), settings)) {
            String address = "http://127.0.0.1:" + server.port();
            List<Future<Set<Integer>>> asking = IntStream.range(0, CALLERS)
                    .mapToObj(caller -> pool.submit(() -> askUntil(over, address, caller)))
                    .toList();
            for (int i = 0; i < 10; i++) {
                assertThat(post(address + "/v2/repository/models/small/unload", ""))
                        .isEqualTo(200);
                assertThat(post(address + "/v2/repository/models/small/load", ""))
                        .isEqualTo(200);
            }
            over.set(true);
            for (Future<Set<Integer>> each : asking) {
                assertThat(each.get()).contains(200).isSubsetOf(200, 503);
            }
        } finally {
            pool.shutdown();
        }
    }

    /** On any free port, with no answers kept. */
    private static ServeSettings settings() {
        ServeSettings some = ServeSettings.DEFAULT;
        return new ServeSettings(
                some.host(),
                0,
                some.batching(),
                some.maxConcurrentRequests(),
                some.maxClientBatchSize(),
                some.payloadLimit(),
                0,
                some.cacheTime(),
                some.tokenizationWorkers(),
                some.threads(),
                some.drainTime());
    }

    private static Set<Integer> askUntil(AtomicBoolean over, String address, int caller) throws Exception {
        Set<Integer> statuses = new HashSet<>();
        for (int i = 0; !over.get(); i++) {
            String text = "card lost money sent ".repeat(1 + (i + caller) % 4);
            statuses.add(post(address + "/predict", "{\"inputs\": \"" + text + "\"}"));
        }
        statuses.add(post(address + "/predict", "{\"inputs\": \"card\"}"));
        return statuses;
    }

    private static int post(String address, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(address))
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    @Tag("slow")
    void miniLmAnswersAlmostAllTextsTheSame() {
        Ran trained = Ran.of(
                folder, "train", "../examples/support.csv", "--strategy", "head", "--output", folder + "/bundle");
        assertThat(trained.exitCode()).as(trained.messages()).isZero();
        List<String> texts = Examples.texts(TextClassification.from(Table.read(Path.of("../examples/support.csv")))
                .examples());
        List<Answer> exact = answers(texts, Engine.FLOAT32);
        List<Answer> rounded = answers(texts, bfloat16());
        long same = IntStream.range(0, texts.size())
                .filter(i -> exact.get(i).label().equals(rounded.get(i).label()))
                .count();
        assertThat((double) same / texts.size()).isGreaterThanOrEqualTo(SAME_LABELS);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(rounded.get(i).probability())
                    .as(texts.get(i))
                    .isCloseTo(exact.get(i).probability(), within(ROUNDED_PROBABILITY));
        }
    }

    private List<Answer> answers(List<String> texts, Engine engine) {
        try (Predictor predictor = Predictor.open(
                folder.resolve("bundle"),
                PredictorSettings.DEFAULT.withThreads(1).withEngine(engine))) {
            return predictor.predict(texts);
        }
    }
}
