package dev.graft.torch;

import org.bytedeco.pytorch.Tensor;

/** Where tensors live and kernels run. */
public enum Device {
    CPU,
    CUDA;

    /** A tensor's content on this device; the tensor itself where it is there already. */
    public Tensor move(Tensor tensor) {
        return this == CPU ? tensor.cpu() : tensor.cuda();
    }

    /** Whether a tensor is here. */
    public boolean holds(Tensor tensor) {
        return tensor.is_cpu() == (this == CPU);
    }
}
