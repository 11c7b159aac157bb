package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.Map;
import java.util.Optional;

/** Writes {@code NodeProto}s and {@code AttributeProto}s. */
final class NodeWriter {
    private final BlockWriter blocks;
    private final BlockReader reader = new BlockReader(ExternalData.none());

    NodeWriter(BlockWriter blocks) {
        this.blocks = blocks;
    }

    Output node(Node node) {
        var message = new Output(node.extras().without(NodeReader.ATTRIBUTE));
        node.inputs().forEach(input -> message.textAlways(1, input));
        node.outputs().forEach(output -> message.textAlways(2, output));
        message.text(NodeReader.NAME, node.name());
        message.text(NodeReader.OPERATOR, node.operator());
        attributes(message, NodeReader.ATTRIBUTE, node.attributes(), node.extras());
        return message.text(NodeReader.DOMAIN, node.domain());
    }

    /** Attributes, each as it came if its value is still the same. */
    void attributes(Output to, int number, Map<String, Attribute> attributes, Extras extras) {
        Kept kept = Kept.of(extras, number, AttributeReader.NAME);
        attributes.forEach((name, value) -> {
            Optional<Extras.Field> field = kept.named(name).filter(as -> same(as, value));
            if (field.isPresent()) {
                to.raw(field.get());
            } else {
                to.message(number, attribute(name, value));
            }
        });
    }

    private boolean same(Extras.Field kept, Attribute value) {
        try {
            return AttributeReader.read(Wire.payload(kept), reader, "").value().equals(value);
        } catch (GraphException e) {
            // Its arrays lie in another file, so it cannot be written as it came.
            return false;
        }
    }

    private Output attribute(String name, Attribute value) {
        Extras more = value instanceof Attribute.Opaque opaque ? opaque.extras() : Extras.NONE;
        var message = new Output(more).text(AttributeReader.NAME, name);
        int kind = value(message, value);
        message.wholeIfSet(AttributeReader.KIND, kind);
        return value instanceof Attribute.Reference reference
                ? message.text(AttributeReader.REFERENCE, reference.name())
                : message;
    }

    /** Writes the value and returns the number of its kind. */
    private int value(Output to, Attribute value) {
        if (value instanceof Attribute.Real real) {
            to.real(2, real.value());
            return AttributeKind.REAL;
        } else if (value instanceof Attribute.Whole whole) {
            to.whole(3, whole.value());
            return AttributeKind.WHOLE;
        } else if (value instanceof Attribute.Text text) {
            to.textAlways(4, text.value());
            return AttributeKind.TEXT;
        } else if (value instanceof Attribute.Tensor tensor) {
            to.message(5, tensor(tensor.value()));
            return AttributeKind.TENSOR;
        } else if (value instanceof Attribute.Body body) {
            to.message(6, blocks.block(body.value()));
            return AttributeKind.BODY;
        }
        return list(to, value);
    }

    private int list(Output to, Attribute value) {
        if (value instanceof Attribute.Reals reals) {
            reals.values().forEach(real -> to.real(7, real));
            return AttributeKind.REALS;
        } else if (value instanceof Attribute.Wholes wholes) {
            wholes.values().forEach(whole -> to.whole(8, whole));
            return AttributeKind.WHOLES;
        } else if (value instanceof Attribute.Texts texts) {
            texts.values().forEach(text -> to.textAlways(9, text));
            return AttributeKind.TEXTS;
        } else if (value instanceof Attribute.Tensors tensors) {
            tensors.values().forEach(tensor -> to.message(10, tensor(tensor)));
            return AttributeKind.TENSORS;
        } else if (value instanceof Attribute.Bodies bodies) {
            bodies.values().forEach(body -> to.message(11, blocks.block(body)));
            return AttributeKind.BODIES;
        } else if (value instanceof Attribute.Reference reference) {
            return reference.kind();
        }
        return ((Attribute.Opaque) value).kind();
    }

    private static Output tensor(Array array) {
        return new TensorWriter(Optional.empty()).message("", array, Extras.NONE);
    }
}
