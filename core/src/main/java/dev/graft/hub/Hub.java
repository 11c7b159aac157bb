package dev.graft.hub;

import dev.graft.InputException;
import dev.graft.Suggestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where pretrained models come from: a name becomes local files.
 *
 * <p>Names are: a known model ({@code minilm}), a path to an {@code .onnx} file with its {@code tokenizer.json} beside
 * it, a folder in Hugging Face's layout, or {@code hf:owner/name[@revision]}.
 */
public final class Hub {
    private static final String HUGGING_FACE = "hf:";

    private final HubSettings settings;

    public Hub(HubSettings settings) {
        this.settings = settings;
    }

    /** The models that have a short name, the default first. */
    public static List<KnownModel> known() {
        return KnownModel.ALL;
    }

    /**
     * The local files of a model, fetched first where they are not here yet.
     *
     * @throws InputException if the name stands for nothing, or the files are not a model's
     * @throws dev.graft.GraftException if fetching failed
     */
    public Pretrained resolve(String name) {
        if (name.startsWith(HUGGING_FACE)) {
            return HuggingFace.resolve(RepositoryName.parse(name.substring(HUGGING_FACE.length())), settings);
        }
        var known = KnownModel.named(name);
        if (known.isPresent()) {
            return JarModels.resolve(known.get(), settings);
        }
        return local(name, path(name));
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (java.nio.file.InvalidPathException e) {
            throw unknown(name);
        }
    }

    private static Pretrained local(String name, Path path) {
        if (Files.isDirectory(path)) {
            return ModelFolder.resolve(name, path);
        }
        if (Files.isRegularFile(path)) {
            return ModelFolder.file(name, path);
        }
        throw unknown(name);
    }

    private static InputException unknown(String name) {
        List<String> names = known().stream().map(KnownModel::name).toList();
        return new InputException("There is no model '" + name + "'; known are "
                + names.stream().collect(Collectors.joining(", "))
                + ", else give a path to an .onnx file, a folder in Hugging Face's layout, or hf:owner/name"
                + Suggestion.text(name, names));
    }
}
