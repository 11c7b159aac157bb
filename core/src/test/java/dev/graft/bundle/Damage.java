package dev.graft.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random damage to files: flipped bits, cuts, and pieces that parsers trip over. */
public final class Damage {
    private static final List<String> PIECES = List.of(
            "null",
            "-1",
            "1e999",
            "99999999999999999999",
            "\"\"",
            "{}",
            "[]",
            "[[[[[[",
            "\\u0000",
            "\"../../x\"",
            "NaN",
            ",",
            ":",
            "\"format\":",
            "\"files\":{",
            "true",
            "0.5",
            "\uFEFF",
            "\"sha256\"");

    private Damage() {}

    /** A manifest whose digest of the damaged file is right again, so that the damage is reached. */
    public static void sign(Path bundle, String name, byte[] manifest) throws IOException {
        ObjectNode changed = Json.parse(manifest, "manifest", ObjectNode.class);
        ((ObjectNode) changed.get("files")).put(name, Digest.of(bundle.resolve(name)));
        Files.writeString(bundle.resolve(Manifest.FILE), Json.text(changed));
    }

    /** The bytes with one to four injuries. */
    public static byte[] of(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = spliced(bytes, at, PIECES.get(random.nextInt(PIECES.size())));
                default -> bytes = without(bytes, at, 1 + random.nextInt(20));
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int at, String piece) {
        byte[] inserted = piece.getBytes(StandardCharsets.UTF_8);
        byte[] result = Arrays.copyOf(bytes, bytes.length + inserted.length);
        System.arraycopy(bytes, at, result, at + inserted.length, bytes.length - at);
        System.arraycopy(inserted, 0, result, at, inserted.length);
        return result;
    }

    private static byte[] without(byte[] bytes, int at, int count) {
        int end = Math.min(bytes.length, at + count);
        byte[] result = Arrays.copyOf(bytes, bytes.length - (end - at));
        System.arraycopy(bytes, end, result, at, bytes.length - end);
        return result;
    }
}
