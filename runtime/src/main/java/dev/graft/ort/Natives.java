package dev.graft.ort;

import ai.onnxruntime.OrtEnvironment;
import dev.graft.Cache;
import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.SafeFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * ONNX Runtime's native libraries, unpacked once into Graft's cache instead of into a temporary folder at every start.
 *
 * <p>The folder's name carries the checksum that the jar records of the main library, so another version never meets
 * files of this one. Where the cache cannot be written, ONNX Runtime unpacks for itself as it always did.
 */
final class Natives {
    static final String PATH_PROPERTY = "onnxruntime.native.path";

    private static final List<String> LIBRARIES =
            List.of("onnxruntime", "onnxruntime4j_jni", "onnxruntime_providers_shared");

    private Natives() {}

    /** Points ONNX Runtime at unpacked libraries, unless the user has pointed it elsewhere. */
    static synchronized void prepare() {
        if (System.getProperty(PATH_PROPERTY) != null) {
            return;
        }
        try {
            unpacked(Cache.natives()).ifPresent(folder -> System.setProperty(PATH_PROPERTY, folder.toString()));
        } catch (IOException | GraftException unwritable) {
            // ONNX Runtime's own unpacking, into the temporary folder, is the slower way to the same libraries.
            return;
        }
    }

    /** The folder below {@code cache} with the libraries of this platform; empty where the jar carries none. */
    static Optional<Path> unpacked(Path cache) throws IOException {
        List<URL> resources = resources();
        if (resources.isEmpty()) {
            return Optional.empty();
        }
        Path folder = cache.resolve("onnxruntime-" + checksum(resources.get(0)));
        if (!complete(folder, resources)) {
            unpack(folder, resources);
        }
        return Optional.of(folder);
    }

    private static void unpack(Path folder, List<URL> resources) throws IOException {
        SafeFile.delete(folder);
        try {
            SafeFile.fillFolder(folder, aside -> {
                for (URL resource : resources) {
                    try (InputStream in = resource.openStream()) {
                        Files.copy(in, aside.resolve(name(resource)));
                    }
                }
            });
        } catch (InputException occupied) {
            // Another process was faster; its files are as good.
            if (!complete(folder, resources)) {
                throw occupied;
            }
        }
    }

    private static List<URL> resources() {
        var found = new ArrayList<URL>();
        for (String library : LIBRARIES) {
            URL resource = OrtEnvironment.class.getResource(
                    "/ai/onnxruntime/native/" + platform() + "/" + System.mapLibraryName(library));
            if (resource != null) {
                found.add(resource);
            }
        }
        return found;
    }

    /** ONNX Runtime's name of this platform, for example {@code linux-x64}. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (system.contains("win") ? "win" : system.contains("mac") ? "osx" : "linux")
                + (processor.equals("amd64") || processor.equals("x86_64") ? "-x64" : "-" + processor);
    }

    private static String name(URL resource) {
        return resource.getPath().substring(resource.getPath().lastIndexOf('/') + 1);
    }

    private static String checksum(URL resource) throws IOException {
        return resource.openConnection() instanceof JarURLConnection jar
                ? Long.toHexString(jar.getJarEntry().getCrc())
                : Long.toHexString(size(resource));
    }

    private static long size(URL resource) throws IOException {
        var connection = resource.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return jar.getJarEntry().getSize();
        }
        try (InputStream in = connection.getInputStream()) {
            return in.skip(Long.MAX_VALUE);
        }
    }

    private static boolean complete(Path folder, List<URL> resources) throws IOException {
        for (URL resource : resources) {
            Path file = folder.resolve(name(resource));
            if (!Files.isRegularFile(file) || Files.size(file) != size(resource)) {
                return false;
            }
        }
        return true;
    }
}
