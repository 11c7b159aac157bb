package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.List;

/** The value of one attribute of a node; the kinds are those of ONNX's {@code AttributeProto}. */
public sealed interface Attribute {
    record Real(float value) implements Attribute {}

    record Whole(long value) implements Attribute {}

    record Text(String value) implements Attribute {}

    record Tensor(Array value) implements Attribute {}

    /** A graph inside a node: the branch of an {@code If}, the body of a {@code Loop} or {@code Scan}. */
    record Body(Block value) implements Attribute {}

    record Reals(List<Float> values) implements Attribute {
        public Reals {
            values = List.copyOf(values);
        }
    }

    record Wholes(List<Long> values) implements Attribute {
        public Wholes {
            values = List.copyOf(values);
        }
    }

    record Texts(List<String> values) implements Attribute {
        public Texts {
            values = List.copyOf(values);
        }
    }

    record Tensors(List<Array> values) implements Attribute {
        public Tensors {
            values = List.copyOf(values);
        }
    }

    record Bodies(List<Block> values) implements Attribute {
        public Bodies {
            values = List.copyOf(values);
        }
    }

    /** In the body of a model-local function: the value of the caller's attribute of this name. */
    record Reference(String name, int kind) implements Attribute {}

    /** A kind that Graft does not interpret (sparse tensors, type descriptions), kept as it came. */
    record Opaque(int kind, Extras extras) implements Attribute {}
}
