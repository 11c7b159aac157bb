package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.tensor.Array;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WaysBackTest {
    @BeforeAll
    static void load() {
        Natives.load(TorchSettings.defaults());
    }

    /** a · b, whose gradients are b and a. */
    private static final OwnWayBack PRODUCT = new OwnWayBack() {
        @Override
        public List<Tensor> forward(List<Tensor> operands, Tensor result) {
            torch.mul_out(result, operands.get(0), operands.get(1));
            return operands;
        }

        @Override
        public List<Tensor> backward(List<Tensor> kept, Tensor gradient) {
            return List.of(kept.get(1).mul(gradient), kept.get(0).mul(gradient));
        }
    };

    private static final OwnWayBack BROKEN = new OwnWayBack() {
        @Override
        public List<Tensor> forward(List<Tensor> operands, Tensor result) {
            result.zero_();
            return operands;
        }

        @Override
        public List<Tensor> backward(List<Tensor> kept, Tensor gradient) {
            throw new IllegalStateException("no way back");
        }
    };

    private static Tensor leaf(boolean learns, float... values) {
        Tensor leaf = Tensors.of(Array.of(values, values.length));
        leaf.set_requires_grad(learns);
        return leaf;
    }

    /** A handle that nobody else reads. */
    private static Tensor own(Tensor leaf) {
        return leaf.mul(new Scalar(1.0));
    }

    private static float[] gradient(Tensor leaf) {
        return Tensors.array(leaf.grad()).floats();
    }

    @Test
    void eachOperandGetsItsOwnGradient() {
        try (PointerScope scope = new PointerScope();
                WaysBack ways = new WaysBack()) {
            Tensor a = leaf(true, 2, 3);
            Tensor b = leaf(true, 5, 7);
            Tensor product = ways.computed(PRODUCT, List.of(own(a), own(b)), List.of());
            assertThat(Tensors.array(product).floats()).containsExactly(10, 21);
            product.mul(leaf(false, 1, 10)).sum().backward();
            assertThat(gradient(a)).containsExactly(5, 70);
            assertThat(gradient(b)).containsExactly(2, 30);
        }
    }

    @Test
    void anOperandThatDoesNotLearnIsReadOnly() {
        try (PointerScope scope = new PointerScope();
                WaysBack ways = new WaysBack()) {
            Tensor a = leaf(true, 2, 3);
            Tensor b = leaf(false, 5, 7);
            ways.computed(PRODUCT, List.of(own(a), own(b)), List.of()).sum().backward();
            assertThat(gradient(a)).containsExactly(5, 7);
            assertThat(b.grad().defined()).isFalse();
        }
    }

    @Test
    void hundredsFollowOneAnother() {
        try (PointerScope scope = new PointerScope();
                WaysBack ways = new WaysBack()) {
            Tensor a = leaf(true, 1, -1);
            Tensor minus = leaf(false, -1, -1);
            Tensor value = a;
            for (int factor = 0; factor < 301; factor++) {
                value = ways.computed(PRODUCT, List.of(own(value), own(minus)), List.of());
            }
            value.sum().backward();
            assertThat(gradient(a)).containsExactly(-1, -1);
        }
    }

    @Test
    void aFailureOnTheWayBackIsAnError() {
        try (PointerScope scope = new PointerScope();
                WaysBack ways = new WaysBack()) {
            Tensor a = leaf(true, 2, 3);
            Tensor sum =
                    ways.computed(BROKEN, List.of(own(a), own(a)), List.of()).sum();
            assertThatThrownBy(sum::backward).hasMessageContaining("no way back");
        }
    }
}
