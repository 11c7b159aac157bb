package dev.graft.torch;

import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A step of AdamW on what is remembered in bfloat16, made float32 part by part. */
record NarrowAdamW(AdamW exact) implements Update {
    private static final long PART = 1L << 18;
    private static final long BELOW = 1L << 16;

    /** Smaller weights are remembered exactly: they are many, and little memory. */
    private static final long LEAST = 4_096;

    /** Odd numbers near 2^16 by the golden ratio and by the root of a half: their multiples fill 2^16 evenly. */
    private static final long BY_STEP = 40503;

    private static final long BY_PLACE = 46341;

    @Override
    public Map<String, Tensor> memory(Tensor weight) {
        return isNarrow(weight)
                ? Map.of(AdamW.MEAN, zeros(weight), AdamW.SQUARE, zeros(weight), AdamW.STEP, Update.noSteps())
                : exact.memory(weight);
    }

    private static boolean isNarrow(Tensor weight) {
        return weight.scalar_type().intern() == ScalarType.Float && weight.numel() >= LEAST && weight.is_contiguous();
    }

    private static Tensor zeros(Tensor weight) {
        return weight.detach().to(ScalarType.BFloat16).zero_();
    }

    @Override
    public void step(Group group, List<Moved> moved) {
        List<Moved> whole =
                moved.stream().filter(each -> !isNarrow(each.weight())).toList();
        if (!whole.isEmpty()) {
            exact.step(group, whole);
        }
        List<Moved> narrow =
                moved.stream().filter(each -> isNarrow(each.weight())).toList();
        narrow.forEach(each -> each.memory(AdamW.STEP).add_(new Scalar(1)));
        if (!narrow.isEmpty()) {
            Tensor turns = turns((long) narrow.get(0).memory(AdamW.STEP).item_float());
            narrow.forEach(each -> step(group, each, turns));
        }
    }

    private void step(Group group, Moved moved, Tensor turns) {
        try (PointerScope scope = new PointerScope()) {
            Tensor gradient = moved.gradient().contiguous();
            for (long from = 0; from < gradient.numel(); from += PART) {
                step(group, moved, gradient, from, turns);
            }
        }
    }

    private void step(Group group, Moved moved, Tensor gradient, long from, Tensor turns) {
        try (PointerScope scope = new PointerScope()) {
            Tensor mean = part(moved.memory(AdamW.MEAN), from);
            Tensor square = part(moved.memory(AdamW.SQUARE), from);
            Tensor wideMean = mean.to(ScalarType.Float);
            Tensor wideSquare = square.to(ScalarType.Float);
            var memory = Map.of(AdamW.MEAN, wideMean, AdamW.SQUARE, wideSquare, AdamW.STEP, moved.memory(AdamW.STEP));
            Tensor weight = part(moved.weight().detach(), from);
            exact.move(group, List.of(new Moved(weight, part(gradient, from), memory)));
            mean.copy_(wideMean);
            wideSquare
                    .view(ScalarType.Int)
                    .add_(turns.narrow(0, 0, square.numel()))
                    .bitwise_and_(new Scalar(-BELOW));
            square.copy_(wideSquare);
        }
    }

    private static Tensor part(Tensor whole, long from) {
        return whole.view(-1).narrow(0, from, Math.min(PART, whole.numel() - from));
    }

    /**
     * What is added to the bits of float32 numbers before those that bfloat16 has not are cut off: another amount in each
     * place and in each step, so that of many steps the share that rounds up is the share that would be lost.
     */
    private static Tensor turns(long step) {
        return torch.arange(new Scalar(PART), new TensorOptions(ScalarType.Int))
                .mul_(new Scalar(BY_PLACE))
                .add_(new Scalar(step * BY_STEP % BELOW))
                .bitwise_and_(new Scalar(BELOW - 1));
    }
}
