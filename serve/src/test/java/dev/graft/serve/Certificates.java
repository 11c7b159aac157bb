package dev.graft.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key and a certificate that it signed itself, made by the JDK's keytool. */
record Certificates(Path folder, String name) {
    private static final String PASSWORD = "changeit";

    /** A pair for this machine. */
    static Certificates make(Path folder, String name, String... more) throws IOException, InterruptedException {
        var made = new Certificates(folder, name);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "it",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                made.store().toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
        return made;
    }

    private Path store() {
        return folder.resolve(name + ".p12");
    }

    private KeyStore open() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** Writes the certificate in PEM. */
    Path certificate(Path file) throws GeneralSecurityException, IOException {
        return pem(file, "CERTIFICATE", open().getCertificate("it").getEncoded());
    }

    /** Writes the key in PEM. */
    Path key(Path file) throws GeneralSecurityException, IOException {
        return pem(
                file, "PRIVATE KEY", open().getKey("it", PASSWORD.toCharArray()).getEncoded());
    }

    private static Path pem(Path file, String what, byte[] bytes) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
    }

    /** What a client uses that trusts these, and shows its own certificate where it has one. */
    static SSLContext client(List<Certificates> trusted, List<Certificates> own)
            throws GeneralSecurityException, IOException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        for (Certificates one : trusted) {
            trust.setCertificateEntry(one.name(), one.open().getCertificate("it"));
        }
        var trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trust);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own.isEmpty() ? null : own.get(0).open(), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusts.getTrustManagers(), new SecureRandom());
        return context;
    }

    /** The certificate itself. */
    Certificate x509() throws GeneralSecurityException, IOException {
        return open().getCertificate("it");
    }
}
