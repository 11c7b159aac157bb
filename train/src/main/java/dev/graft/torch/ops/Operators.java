package dev.graft.torch.ops;

import dev.graft.torch.OpTable;

/** All operators that libtorch can run for Graft. */
public final class Operators {
    private Operators() {}

    /** A table of all of them. */
    public static OpTable standard() {
        var table = new OpTable();
        MathOps.register(table);
        LegacyOps.register(table);
        GenericOps.register(table);
        LossOps.register(table);
        MatrixOps.register(table);
        ActivationOps.register(table);
        ReduceOps.register(table);
        CumulativeOps.register(table);
        ShapeOps.register(table);
        TensorOps.register(table);
        IndexOps.register(table);
        LogicOps.register(table);
        TypeOps.register(table);
        QuantizeOps.register(table);
        QuantizedConvolution.register(table);
        MicrosoftQuantized.register(table);
        NormOps.register(table);
        BatchNormOps.register(table);
        ConvolutionOps.register(table);
        PoolOps.register(table);
        ResizeOps.register(table);
        SamplingOps.register(table);
        ImageNormOps.register(table);
        ImageShapeOps.register(table);
        AttentionOps.register(table);
        SequenceOps.register(table);
        RecurrentOps.register(table);
        RotaryOps.register(table);
        ControlOps.register(table);
        ScanOps.register(table);
        MicrosoftOps.register(table);
        MicrosoftFused.register(table);
        MicrosoftAttention.register(table);
        SignalOps.register(table);
        SelectionOps.register(table);
        DistributionOps.register(table);
        GroupedAttention.register(table);
        RandomOps.register(table);
        FusedOps.register(table);
        FusedAttention.register(table);
        return table;
    }
}
