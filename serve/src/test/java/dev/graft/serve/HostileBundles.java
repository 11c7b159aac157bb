package dev.graft.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.graft.Digest;
import dev.graft.bundle.Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bundles made ill in ways that their digests do not show. */
final class HostileBundles {
    private static final int GRAPH = 7;
    private static final int INITIALIZER = 5;

    private HostileBundles() {}

    /** Puts the digest of a file as it is now into the manifest. */
    static void sign(Path bundle, String file) throws IOException {
        Path manifest = bundle.resolve("graft.json");
        String digest = Digest.of(bundle.resolve(file));
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replaceFirst("(\"" + file.replace(".", "\\.") + "\" *: *\")[0-9a-f]{64}", "$1" + digest));
    }

    /** Has the model read one more weight from another file. */
    static void weightsFrom(Path bundle, String location) throws IOException {
        byte[] weight = message(out -> {
            out.writeInt64(1, 1);
            out.writeInt32(2, 1);
            out.writeString(8, "outside");
            out.writeByteArray(13, entry("location", location));
            out.writeInt32(14, 1);
        });
        ByteString more = ByteString.copyFrom(message(out -> out.writeByteArray(INITIALIZER, weight)));
        Path model = bundle.resolve(Bundle.MODEL);
        UnknownFieldSet content = UnknownFieldSet.parseFrom(Files.readAllBytes(model));
        ByteString graph = content.getField(GRAPH).getLengthDelimitedList().get(0);
        UnknownFieldSet.Field changed = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(graph.concat(more))
                .build();
        Files.write(model, content.toBuilder().addField(GRAPH, changed).build().toByteArray());
        sign(bundle, Bundle.MODEL);
    }

    private static byte[] entry(String key, String value) throws IOException {
        return message(out -> {
            out.writeByteArray(1, key.getBytes(StandardCharsets.UTF_8));
            out.writeByteArray(2, value.getBytes(StandardCharsets.UTF_8));
        });
    }

    private interface Content {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Content content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        content.write(out);
        out.flush();
        return bytes.toByteArray();
    }
}
