package dev.graft.serve;

import dev.graft.graph.Dimension;
import dev.graft.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * What the metadata of a model says of a tensor.
 *
 * @param shape sizes; -1 for any
 */
record TensorInfo(String name, DataType type, List<Long> shape) {
    TensorInfo {
        shape = List.copyOf(shape);
    }

    /** What a request may hold: the texts, with others that each is read together with, or the model's own inputs. */
    static List<TensorInfo> inputs(ServedModel model) {
        var inputs = new ArrayList<TensorInfo>();
        inputs.add(new TensorInfo(Inference.TEXT, DataType.BYTES, List.of(-1L)));
        if (model.model().takesPairs()) {
            inputs.add(new TensorInfo(Inference.TEXT_PAIR, DataType.BYTES, List.of(-1L)));
        }
        for (ValueInfo input : model.model().inputs()) {
            input.type()
                    .flatMap(DataType::of)
                    .ifPresent(type -> inputs.add(new TensorInfo(input.name(), type, shape(input))));
        }
        return inputs;
    }

    /** What an answer may hold. */
    static List<TensorInfo> outputs(ServedModel model) {
        long labels = model.model().labels().size();
        var outputs = new ArrayList<TensorInfo>();
        outputs.add(new TensorInfo(Inference.LABEL, DataType.BYTES, List.of(-1L)));
        outputs.add(new TensorInfo(Inference.PROBABILITIES, DataType.FP32, List.of(-1L, labels)));
        outputs.add(new TensorInfo(Inference.LOGITS, DataType.FP32, List.of(-1L, labels)));
        if (model.model().givesFeatures()) {
            outputs.add(new TensorInfo(
                    Inference.FEATURES,
                    DataType.FP32,
                    shape(model.model().outputs().get(1))));
        }
        return outputs;
    }

    private static List<Long> shape(ValueInfo value) {
        return value.shape().orElse(List.of()).stream()
                .map(dimension -> dimension instanceof Dimension.Fixed fixed ? fixed.size() : -1L)
                .toList();
    }
}
