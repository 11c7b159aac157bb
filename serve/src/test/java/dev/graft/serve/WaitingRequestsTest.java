package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.graft.predict.BatcherSettings;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceFutureStub;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What waits for a slow model, text by text: in which order it is computed, and whether at all. */
@Tag("slow")
@Timeout(120)
class WaitingRequestsTest {
    private static final int MANY = 40;

    @TempDir
    Path folder;

    private Running server;

    @BeforeEach
    void start() throws IOException {
        ServeSettings some = Running.SETTINGS;
        var one = new BatcherSettings(1, 1_000, Duration.ZERO, 1_000);
        var settings = new ServeSettings(
                some.host(), 0, one, 200, 8, 100_000, 1 << 20, some.cacheTime(), 2, 1, some.drainTime());
        server = Running.of(InferenceServer.start(Map.of("slow", SlowBundle.write(folder)), settings));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A text that no other has, so that the cache does not know it. */
    private static String text(int number) {
        return "card ".repeat(1 + number % 8) + "lost ".repeat(number / 8);
    }

    private static String body(int number) {
        return "{\"inputs\": \"" + text(number).strip() + "\"}";
    }

    private double figure(String name) throws Exception {
        Matcher line = Pattern.compile("(?m)^" + name + "\\{[^}]*} ([\\d.eE+-]+)$")
                .matcher(server.get("/metrics").body());
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }

    private void awaitNothingWaits() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            if (figure("te_queue_size") == 0 && figure("nv_inference_pending_request_count") == 0) {
                Thread.sleep(200); // what was taken from the queue last is computed
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("texts wait for ever");
    }

    private CompletableFuture<HttpResponse<String>> ask(int number, String... headers) {
        HttpRequest.Builder request = server.request("/predict").POST(BodyPublishers.ofString(body(number)));
        return server.client()
                .sendAsync((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }

    @Test
    void whatItsCallerLeftIsNotComputed() throws Exception {
        double before = figure("nv_inference_exec_count");
        var sockets = new ArrayList<Socket>();
        for (int i = 0; i < MANY; i++) {
            var socket = new Socket("127.0.0.1", server.port());
            socket.getOutputStream()
                    .write(("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: " + body(i).length() + "\r\n\r\n"
                                    + body(i))
                            .getBytes(StandardCharsets.US_ASCII));
            sockets.add(socket);
        }
        Thread.sleep(50);
        for (Socket socket : sockets) {
            socket.close();
        }
        awaitNothingWaits();
        assertThat(figure("nv_inference_exec_count") - before).isLessThan(MANY / 2.0);
        assertThat(ask(MANY).join().statusCode()).isEqualTo(200);
    }

    @Test
    void whatItsCallerCancelledOverGrpcIsNotComputed() throws Exception {
        var stub = GrpcClients.newClient(
                "gproto+http://127.0.0.1:" + server.port() + "/", GRPCInferenceServiceFutureStub.class);
        double before = figure("nv_inference_exec_count");
        var answers = new ArrayList<Future<ModelInferResponse>>();
        for (int i = 0; i < MANY; i++) {
            answers.add(stub.modelInfer(ModelInferRequest.newBuilder()
                    .setModelName("slow")
                    .addInputs(InferInputTensor.newBuilder()
                            .setName("text")
                            .setDatatype("BYTES")
                            .addShape(1)
                            .setContents(InferTensorContents.newBuilder()
                                    .addBytesContents(com.google.protobuf.ByteString.copyFromUtf8(text(i)))))
                    .build()));
        }
        Thread.sleep(100);
        answers.forEach(answer -> answer.cancel(true));
        awaitNothingWaits();
        assertThat(figure("nv_inference_exec_count") - before).isLessThan(MANY / 2.0);
    }

    @Test
    void theSameTextAskedByManyIsComputedOnce() throws Exception {
        double before = figure("nv_inference_exec_count");
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < MANY; i++) {
            answers.add(ask(3));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.join().body()).isEqualTo(answers.get(0).join().body());
        }
        awaitNothingWaits();
        assertThat(figure("nv_inference_exec_count") - before).isEqualTo(1);
    }

    @Test
    void aDeadlineThatCannotBeMetIsRefusedAtOnceAndOthersAreAnswered() throws Exception {
        double before = figure("nv_inference_exec_count");
        List<CompletableFuture<HttpResponse<String>>> patient = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            patient.add(ask(i));
        }
        CompletableFuture<HttpResponse<String>> hurried = ask(MANY, Exchange.TIMEOUT, "15");
        assertThat(hurried.join().statusCode()).isEqualTo(504);
        assertThat(patient.get(MANY - 1)).isNotDone();
        for (CompletableFuture<HttpResponse<String>> answer : patient) {
            assertThat(answer.join().statusCode()).isEqualTo(200);
        }
        awaitNothingWaits();
        assertThat(figure("nv_inference_exec_count") - before).isEqualTo(MANY);
    }

    @Test
    void whatIsMoreUrgentIsComputedBeforeWhatCameEarlier() throws Exception {
        var answered = new AtomicInteger();
        List<CompletableFuture<Integer>> places = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            places.add(ask(i, Exchange.PRIORITY, "-1").thenApply(response -> answered.incrementAndGet()));
        }
        CompletableFuture.anyOf(places.toArray(CompletableFuture<?>[]::new)).join();
        int before = answered.get();
        int urgent = ask(MANY, Exchange.PRIORITY, "5")
                .thenApply(response -> answered.incrementAndGet())
                .join();
        assertThat(urgent - before).isLessThan((MANY - before) / 2);
        places.forEach(CompletableFuture::join);
    }
}
