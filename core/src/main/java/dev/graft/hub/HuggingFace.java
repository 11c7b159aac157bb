package dev.graft.hub;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Models of Hugging Face: from its own cache folders if they are there, else downloaded into them. */
final class HuggingFace {
    private HuggingFace() {}

    static Pretrained resolve(RepositoryName name, HubSettings settings) {
        var cache = new HuggingFaceCache(settings.huggingFace(), name);
        Optional<Path> here = cache.snapshot(name.revision()).filter(ModelFolder::holdsModel);
        if (here.isPresent()) {
            return ModelFolder.resolve(name.toString(), here.get());
        }
        if (settings.offline()) {
            throw new InputException(name + " is not in " + settings.huggingFace() + " and no connection may be opened"
                    + " (--offline or HF_HUB_OFFLINE); run `graft models pull " + name + "` once with a connection");
        }
        return ModelFolder.resolve(name.toString(), fetch(name, cache, settings));
    }

    private static Path fetch(RepositoryName name, HuggingFaceCache cache, HubSettings settings) {
        var client = new HuggingFaceClient(settings);
        RemoteFile tokenizer = client.find(name, ModelFolder.TOKENIZER)
                .orElseThrow(() -> new InputException(name + " holds no " + ModelFolder.TOKENIZER
                        + "; Graft needs a fast tokenizer, which `AutoTokenizer.from_pretrained(…).save_pretrained(…)`"
                        + " writes"));
        RepositoryName pinned = name.at(tokenizer.commit());
        RemoteFile model = ModelFolder.MODELS.stream()
                .flatMap(file -> client.find(pinned, file).stream())
                .findFirst()
                .orElseThrow(() -> new InputException(name + " holds no " + String.join(" or ", ModelFolder.MODELS)
                        + "; export it with `optimum-cli export onnx` and give the folder"));
        cache.add(tokenizer, client);
        for (String file : List.of(ModelFolder.CONFIG, ModelFolder.POOLING)) {
            client.find(pinned, file).ifPresent(found -> cache.add(found, client));
        }
        for (String suffix : List.of("_data", ".data")) {
            client.find(pinned, model.path() + suffix).ifPresent(found -> cache.add(found, client));
        }
        // The model last: a snapshot that holds it is whole.
        cache.add(model, client);
        cache.point(name.revision(), tokenizer.commit());
        return cache.folder(tokenizer.commit());
    }
}
