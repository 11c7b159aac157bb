package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Floods of frames end in their own connection, and take a bounded part of the server's memory and time. */
@Tag("slow")
@Timeout(180)
class Http2FloodTest {
    private static final int REQUESTS = 64;
    /** What the server's own buffer takes, 1 MB, and what the kernel's take on both sides. */
    private static final long HELD_UP = 30_000_000;

    private static final long FLOOD = 400_000_000;
    private static final int STREAMS = 256;
    private static final String BODY = "{\"inputs\": \"card lost\"}";

    @TempDir
    static Path folder;

    private static Running server;

    @BeforeAll
    static void start() throws IOException {
        server = Running.in(folder, Running.with(REQUESTS, 8, 0));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** After each flood, and before its connection has gone. */
    @AfterEach
    void othersAreAnswered() throws Exception {
        assertOthersAreAnswered();
    }

    private static void assertOthersAreAnswered() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(server.post("/predict", BODY).statusCode()).isEqualTo(200);
        }
    }

    private static byte[] repeated(byte[] frame, int times) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            bytes.writeBytes(frame);
        }
        return bytes.toByteArray();
    }

    @Test
    void aPeerThatBehavesIsAnswered() throws Exception {
        try (var peer = new Http2Peer(server.port())) {
            peer.predict(1);
            assertThat(peer.awaitFrame(Http2Peer.HEADERS)).isTrue();
            assertThat(new String(peer.read().payload(), StandardCharsets.US_ASCII))
                    .contains("\"label\":\"card\"");
        }
    }

    @Test
    void pingsWhoseAnswersNobodyReadsAreHeldUp() throws Exception {
        try (var peer = new Http2Peer(server.port())) {
            long taken = Flood.taken(
                    peer::write, repeated(Http2Peer.frame(Http2Peer.PING, 0, 0, new byte[8]), 1_000), FLOOD);
            assertThat(taken).isLessThan(HELD_UP);
            assertOthersAreAnswered();
        }
    }

    @Test
    void settingsWhoseAnswersNobodyReadsAreHeldUp() throws Exception {
        try (var peer = new Http2Peer(server.port())) {
            long taken = Flood.taken(peer::write, repeated(Http2Peer.frame(Http2Peer.SETTINGS, 0, 0), 1_000), FLOOD);
            assertThat(taken).isLessThan(HELD_UP);
            assertOthersAreAnswered();
        }
    }

    @Test
    void requestsThatAreTakenBackAtOnceEndTheConnection() throws Exception {
        try (var peer = new Http2Peer(server.port())) {
            boolean closed = false;
            for (int stream = 1; !closed && stream < 20_000; stream += 2) {
                try {
                    peer.headers(stream, Http2Peer.END_HEADERS | Http2Peer.END_STREAM);
                    peer.write(Http2Peer.RST_STREAM, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
                } catch (SocketException e) {
                    closed = true;
                }
            }
            assertThat(closed || peer.awaitFrame(Http2Peer.GOAWAY)).isTrue();
        }
    }

    @Test
    void moreStreamsThanAreTakenAreRefused() throws Exception {
        List<Http2Peer> peers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var peer = new Http2Peer(server.port());
            peers.add(peer);
            for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
                peer.headers(stream, Http2Peer.END_HEADERS);
            }
            assertOthersAreAnswered();
        }
        try (var peer = peers.get(0)) {
            peer.headers(2 * STREAMS + 1, Http2Peer.END_HEADERS);
            assertThat(peer.awaitFrame(Http2Peer.RST_STREAM)).isTrue();
        }
        for (Http2Peer peer : peers) {
            peer.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_000})
    void headersThatNeverEndAreCutOff(int size) throws Exception {
        try (var peer = new Http2Peer(server.port())) {
            peer.write(Http2Peer.HEADERS, 0, 1, Http2Peer.headerBlock());
            var more = new byte[size];
            long taken =
                    Flood.taken(peer::write, repeated(Http2Peer.frame(Http2Peer.CONTINUATION, 0, 1, more), 100), FLOOD);
            assertThat(taken).isLessThan(FLOOD);
        }
    }

    @Test
    void answersThatNobodyLetsThroughAreGivenUp() throws Exception {
        List<Http2Peer> peers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var peer = new Http2Peer(server.port());
            peer.write(Http2Peer.SETTINGS, 0, 0, Http2Peer.setting(4, 0));
            for (int stream = 1; stream < REQUESTS; stream += 2) {
                peer.predict(stream);
                Thread.sleep(2);
            }
            peers.add(peer);
            assertOthersAreAnswered();
        }
        peers.get(0).predict(REQUESTS + 1);
        Thread.sleep(500);
        assertOthersAreAnswered();
        for (Http2Peer peer : peers) {
            peer.close();
        }
    }

    @Test
    void headersThatAreTooLargeAreToldOrRefused() throws Exception {
        try (var peer = new Http2Peer(server.port())) {
            peer.headers(1, Http2Peer.END_HEADERS | Http2Peer.END_STREAM, "x-long", "a".repeat(16_000));
            Http2Peer.Frame frame = peer.read();
            while (frame.stream() == 0 && frame.type() != Http2Peer.GOAWAY) {
                frame = peer.read();
            }
            assertThat(frame.type()).isIn(Http2Peer.HEADERS, Http2Peer.RST_STREAM, Http2Peer.GOAWAY);
        }
    }

    @Test
    void dataWithoutAStreamOrAnEndIsCutOff() throws Exception {
        try (var peer = new Http2Peer(server.port())) {
            peer.write(Http2Peer.DATA, 0, 7, new byte[10]);
            assertThat(peer.awaitFrame(Http2Peer.GOAWAY)).isTrue();
        }
        try (var peer = new Http2Peer(server.port())) {
            peer.headers(1, Http2Peer.END_HEADERS);
            long taken = Flood.taken(peer::write, repeated(Http2Peer.frame(Http2Peer.DATA, 0, 1), 1_000), FLOOD);
            assertThat(taken).isLessThan(HELD_UP);
        }
    }

    @Test
    void framesAtRandomEndInTheirConnection() throws Exception {
        var random = new Random(5);
        for (int i = 0; i < 200; i++) {
            try (var peer = new Http2Peer(server.port())) {
                byte[] payload = new byte[random.nextInt(40)];
                random.nextBytes(payload);
                for (int j = 0; j < 20; j++) {
                    peer.write(random.nextInt(12), random.nextInt(256), random.nextInt(4), payload);
                }
                peer.socket().setSoTimeout(20);
                peer.awaitFrame(Http2Peer.GOAWAY);
            } catch (SocketException | SocketTimeoutException ended) {
                continue;
            }
        }
    }
}
