package dev.graft.serve;

import dev.graft.InputException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keys and whose they are.
 *
 * <p>A key is looked up by a digest in which a secret of this process has a part: nobody outside can tell from the time
 * that it takes how much of a guess was right, however many keys there are.
 */
final class ApiKeys {
    private static final int DIGEST_BYTES = 32;

    private final byte[] secret = new byte[DIGEST_BYTES];
    private final Map<Lookup, ApiKey> keys = new HashMap<>();

    /** A digest as the key of a map. */
    private record Lookup(byte[] digest) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Lookup lookup && MessageDigest.isEqual(digest, lookup.digest);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(digest);
        }
    }

    ApiKeys() {
        new SecureRandom().nextBytes(secret);
    }

    /**
     * Adds a key.
     *
     * @param digest SHA-256 of the key
     * @throws InputException if another has the same key
     */
    void add(byte[] digest, ApiKey key) {
        ApiKey before = keys.put(lookup(digest), key);
        if (before != null) {
            throw new InputException("'" + before.name() + "' and '" + key.name() + "' have the same key");
        }
    }

    /** Whose key it is that was presented. */
    Optional<ApiKey> find(String presented) {
        return Optional.ofNullable(keys.get(lookup(digest(presented))));
    }

    private Lookup lookup(byte[] digest) {
        MessageDigest sha = sha256();
        sha.update(secret);
        return new Lookup(sha.digest(digest));
    }

    static byte[] digest(String key) {
        return sha256().digest(key.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
