package dev.graft.torch;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch and the linear algebra under it, once a process. */
final class Natives {
    private static boolean loaded;

    private Natives() {}

    static synchronized void load(TorchSettings settings) {
        if (loaded) {
            return;
        }
        setUnlessSet("org.bytedeco.openblas.load", "mkl");
        setUnlessSet("org.bytedeco.javacpp.maxBytes", "0");
        setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        Loader.load(torch.class);
        torch.set_env("MKL_THREADING_LAYER", "GNU", false);
        loaded = true;
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
