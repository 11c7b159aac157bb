package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.graft.InputException;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ServerReadyRequest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsTest {
    private static final String BODY = "{\"inputs\": \"card lost\"}";

    @TempDir
    static Path folder;

    private static Certificates first;
    private static Certificates second;
    private static Certificates caller;
    private static Certificates expired;

    private final Notices notices = new Notices();

    @BeforeAll
    static void makeCertificates() throws Exception {
        first = Certificates.make(folder, "first");
        second = Certificates.make(folder, "second");
        caller = Certificates.make(folder, "caller");
        expired = Certificates.make(folder, "expired", "-startdate", "-10d", "-validity", "5");
    }

    private static TlsFiles files(Certificates pair, Optional<Path> clientCa) throws Exception {
        Path own = Files.createTempDirectory(folder, "pair");
        return new TlsFiles(pair.certificate(own.resolve("tls.crt")), pair.key(own.resolve("tls.key")), clientCa);
    }

    private Running start(TlsFiles files) throws IOException {
        return Running.in(
                folder,
                Running.SETTINGS.withSecurity(new Security(
                        Optional.empty(), 0, false, Optional.of(files), 100, Security.NONE.patience(), notices::add)));
    }

    private static HttpResponse<String> predict(Running server, SSLContext context, HttpClient.Version version)
            throws Exception {
        HttpClient client =
                HttpClient.newBuilder().sslContext(context).version(version).build();
        return client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/predict"))
                        .POST(BodyPublishers.ofString(BODY))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void bothVersionsOfHttpAndGrpcAreSpokenOverTls() throws Exception {
        try (Running server = start(files(first, Optional.empty()))) {
            SSLContext client = Certificates.client(List.of(first), List.of());
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpResponse<String> response = predict(server, client, version);
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.version()).isEqualTo(version);
            }
            try (ClientFactory factory = ClientFactory.builder()
                    .tlsCustomizer(tls -> tls.trustManager((X509Certificate) certificate(first)))
                    .build()) {
                var stub = GrpcClients.builder("gproto+https://localhost:" + server.port() + "/")
                        .factory(factory)
                        .build(GRPCInferenceServiceBlockingStub.class);
                assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance())
                                .getReady())
                        .isTrue();
            }
        }
    }

    private static Certificate certificate(Certificates of) {
        try {
            return of.x509();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoSpeaksWithoutTlsIsNotAnswered() throws Exception {
        try (Running server = start(files(first, Optional.empty()))) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream()
                        .write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readNBytes(20), StandardCharsets.ISO_8859_1);
                assertThat(answer).doesNotContain("HTTP");
            }
            assertThatThrownBy(() ->
                            predict(server, Certificates.client(List.of(second), List.of()), HttpClient.Version.HTTP_2))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClientShowsItsCertificateWhereThatIsAsked() throws Exception {
        Path ca = caller.certificate(folder.resolve("ca.crt"));
        try (Running server = start(files(first, Optional.of(ca)))) {
            SSLContext known = Certificates.client(List.of(first), List.of(caller));
            assertThat(predict(server, known, HttpClient.Version.HTTP_2).statusCode())
                    .isEqualTo(200);
            SSLContext stranger = Certificates.client(List.of(first), List.of());
            SSLContext impostor = Certificates.client(List.of(first), List.of(second));
            for (SSLContext refused : List.of(stranger, impostor)) {
                assertThatThrownBy(() -> predict(server, refused, HttpClient.Version.HTTP_1_1))
                        .isInstanceOf(IOException.class);
            }
            second.certificate(ca);
            notices.await("read again");
            assertThat(predict(server, impostor, HttpClient.Version.HTTP_2).statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> predict(
                            server, Certificates.client(List.of(first), List.of(caller)), HttpClient.Version.HTTP_2))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aNewPairIsShownToNewConnectionsAndOldOnesGoOn() throws Exception {
        TlsFiles files = files(first, Optional.empty());
        SSLContext both = Certificates.client(List.of(first, second), List.of());
        try (Running server = start(files);
                SSLSocket old = connect(server, both)) {
            assertThat(shown(old)).isEqualTo(first.x509());
            assertThat(health(old)).startsWith("HTTP/1.1 200");
            second.certificate(files.certificate());
            second.key(files.key());
            notices.await("read again");
            try (SSLSocket fresh = connect(server, both)) {
                assertThat(shown(fresh)).isEqualTo(second.x509());
                assertThat(health(fresh)).startsWith("HTTP/1.1 200");
            }
            assertThat(health(old)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aBadPairLeavesTheOldOneInForce() throws Exception {
        TlsFiles files = files(first, Optional.empty());
        SSLContext client = Certificates.client(List.of(first, second), List.of());
        try (Running server = start(files)) {
            second.certificate(files.certificate());
            notices.await("is not that of the certificate");
            try (SSLSocket socket = connect(server, client)) {
                assertThat(shown(socket)).isEqualTo(first.x509());
            }
            Files.writeString(files.key(), "nonsense");
            notices.await("cannot be read");
            assertThat(notices.all()).allMatch(notice -> notice.contains("stays in force"));
            try (SSLSocket socket = connect(server, client)) {
                assertThat(shown(socket)).isEqualTo(first.x509());
            }
            second.key(files.key());
            notices.await("read again");
        }
    }

    @Test
    void filesThatNobodyCanSpeakTlsWithAreNamedAtTheStart() throws Exception {
        TlsFiles good = files(first, Optional.empty());
        Path absent = folder.resolve("absent.pem");
        Path text = Files.writeString(folder.resolve("text.pem"), "no PEM");
        assertRefused(new TlsFiles(absent, good.key(), Optional.empty()), "absent.pem cannot be read");
        assertRefused(new TlsFiles(good.certificate(), absent, Optional.empty()), "absent.pem cannot be read");
        assertRefused(new TlsFiles(text, good.key(), Optional.empty()), "text.pem holds no certificate");
        assertRefused(new TlsFiles(good.certificate(), text, Optional.empty()), "text.pem cannot be read");
        assertRefused(new TlsFiles(good.certificate(), good.key(), Optional.of(text)), "text.pem holds no certificate");
        assertRefused(
                new TlsFiles(files(second, Optional.empty()).certificate(), good.key(), Optional.empty()),
                "is not that of the certificate");
        assertRefused(files(expired, Optional.empty()), "was valid until");
    }

    private void assertRefused(TlsFiles files, String part) {
        assertThatThrownBy(() -> start(files).close())
                .isInstanceOf(InputException.class)
                .hasMessageContaining(part);
    }

    private static SSLSocket connect(Running server, SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private static Certificate shown(SSLSocket socket) throws IOException {
        return socket.getSession().getPeerCertificates()[0];
    }

    private static String health(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var answer = new StringBuilder();
        for (int next = 0; next >= 0 && answer.indexOf("\r\n\r\n200 OK") < 0; ) {
            next = socket.getInputStream().read();
            answer.append((char) next);
        }
        return answer.toString();
    }
}
