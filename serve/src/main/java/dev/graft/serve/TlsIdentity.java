package dev.graft.serve;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import dev.graft.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * What {@link TlsFiles} hold.
 *
 * @param trusted those who may issue clients' certificates; empty to ask for none
 */
record TlsIdentity(TlsKeyPair pair, List<X509Certificate> trusted) {
    private static final byte[] TRIAL = {1, 2, 3};

    /** @throws InputException if a file is not there or not in PEM, has expired, or key and certificate do not belong together */
    static TlsIdentity read(TlsFiles files) {
        List<X509Certificate> chain = certificates(files.certificate());
        if (chain.get(0).getNotAfter().toInstant().isBefore(Instant.now())) {
            throw new InputException("The certificate " + files.certificate() + " was valid until "
                    + chain.get(0).getNotAfter().toInstant());
        }
        TlsKeyPair pair = pair(files);
        if (!belongTogether(pair.privateKey(), chain.get(0))) {
            throw new InputException(
                    "The key " + files.key() + " is not that of the certificate " + files.certificate());
        }
        return new TlsIdentity(
                pair, files.clientCa().map(TlsIdentity::certificates).orElse(List.of()));
    }

    private static List<X509Certificate> certificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw new InputException(file + " holds no certificate; expected is one or more in PEM");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new InputException(file + " holds no certificates in PEM: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new InputException("The certificate " + file + " cannot be read: " + e, e);
        }
    }

    private static TlsKeyPair pair(TlsFiles files) {
        try {
            return TlsKeyPair.of(files.key().toFile(), files.certificate().toFile());
        } catch (RuntimeException e) {
            throw new InputException(
                    "The key " + files.key() + " cannot be read; expected is a private key in PEM, not encrypted", e);
        }
    }

    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(TRIAL);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(TRIAL);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Gives each new connection what is in force then. */
    static TlsProvider provider(Supplier<TlsIdentity> identity) {
        return new TlsProvider() {
            @Override
            public TlsKeyPair keyPair(String hostname) {
                return identity.get().pair();
            }

            @Override
            public List<X509Certificate> trustedCertificates(String hostname) {
                return identity.get().trusted();
            }
        };
    }
}
