package dev.graft.torch;

import dev.graft.Cache;
import dev.graft.GraftException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch and the linear algebra under it, once a process. */
final class Natives {
    private static final String CACHE = "org.bytedeco.javacpp.cachedir";
    private static final String BLAS = "org.bytedeco.openblas.load";
    private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";
    private static final List<String> MKL_LIBRARIES = List.of("libmkl_rt.so.2", "mkl_rt.2.dll");

    private static boolean loaded;

    private Natives() {}

    /**
     * Loads what is not loaded yet: MKL under libtorch where it is on the class path, else OpenBLAS.
     *
     * @throws GraftException if the libraries cannot be unpacked or loaded
     */
    static synchronized void load(TorchSettings settings) {
        if (!loaded) {
            if (!unpacked()) {
                settings.listener().unpacking(Path.of(System.getProperty(CACHE)));
            }
            load();
            loaded = true;
        }
        if (settings.device() == Device.CUDA && !torch.cuda_is_available()) {
            throw new GraftException(
                    "There is no CUDA device that libtorch can use on this machine; run on the CPU, or add"
                            + " libtorch's natives for CUDA to the class path");
        }
    }

    /** All of this is read when the first native class is touched, and never again. */
    private static void prepare() {
        setUnlessSet(CACHE, Cache.folder().resolve("natives").toString());
        String libraries = "/org/bytedeco/mkl/" + Loader.getPlatform() + "/";
        if (MKL_LIBRARIES.stream().anyMatch(name -> Natives.class.getResource(libraries + name) != null)) {
            setUnlessSet(BLAS, "mkl");
        }
        // JavaCPP asks every jar for each of two dozen CUDA libraries, unless it is told that none is there.
        if (Natives.class.getResource("/org/bytedeco/pytorch/" + Loader.getPlatform() + "-gpu/") == null) {
            setUnlessSet(EXTENSION, "");
        }
        // JavaCPP's own bounds count libtorch's memory against the Java heap's size, which says nothing of it.
        setUnlessSet("org.bytedeco.javacpp.maxBytes", "0");
        setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    }

    /** Whether libtorch lies in the cache already. */
    static synchronized boolean unpacked() {
        prepare();
        Path folder = Path.of(System.getProperty(CACHE));
        try (var jars = Files.isDirectory(folder) ? Files.list(folder) : java.util.stream.Stream.<Path>empty()) {
            return jars.anyMatch(jar -> jar.getFileName().toString().startsWith("pytorch-"));
        } catch (java.io.IOException e) {
            throw new GraftException("The cache folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void load() {
        try {
            Loader.load(torch.class);
        } catch (LinkageError e) {
            throw new GraftException(
                    "Libtorch could not be loaded into " + System.getProperty(CACHE) + ": " + e.getMessage()
                            + "; there must be 1 GB of free space there, and the natives for " + Loader.getPlatform()
                            + " on the class path",
                    e);
        }
        // MKL's own threads beside libtorch's would wait for one another; this makes both use the same ones.
        torch.set_env("MKL_THREADING_LAYER", "GNU", false);
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
