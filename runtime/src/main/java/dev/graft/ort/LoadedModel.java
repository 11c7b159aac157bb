package dev.graft.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.graft.graph.Dimension;
import dev.graft.graph.GraphException;
import dev.graft.graph.ValueInfo;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A model in ONNX Runtime, ready to run; several threads may run it at the same time. */
public final class LoadedModel implements Session {
    private final OrtEnvironment environment;
    private final Sessions sessions;
    private final List<ValueInfo> inputs;
    private final List<ValueInfo> outputs;
    private final InputCheck check;

    /** Runs share it, closing waits for them: native memory must not go while a run uses it. */
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();

    private boolean closed;

    private LoadedModel(
            OrtEnvironment environment, Sessions sessions, List<ValueInfo> inputs, List<ValueInfo> outputs) {
        this.environment = environment;
        this.sessions = sessions;
        this.inputs = inputs;
        this.outputs = outputs;
        this.check = new InputCheck(inputs);
    }

    static LoadedModel of(OrtEnvironment environment, Sessions sessions) throws OrtException {
        OrtSession any = sessions.any();
        return new LoadedModel(environment, sessions, infos(any.getInputInfo()), infos(any.getOutputInfo()));
    }

    private static List<ValueInfo> infos(Map<String, NodeInfo> nodes) {
        return nodes.values().stream().map(LoadedModel::info).toList();
    }

    private static ValueInfo info(NodeInfo node) {
        if (!(node.getInfo() instanceof TensorInfo tensor)) {
            throw new GraphException("Value '" + node.getName() + "' is no tensor but " + node.getInfo()
                    + "; only models from tensors to tensors can be run");
        }
        long[] shape = tensor.getShape();
        String[] names = tensor.getDimensionNames();
        var dimensions = new Dimension[shape.length];
        for (int i = 0; i < shape.length; i++) {
            dimensions[i] = shape[i] >= 0
                    ? new Dimension.Fixed(shape[i])
                    : names[i].isEmpty() ? new Dimension.Unknown() : new Dimension.Symbol(names[i]);
        }
        return ValueInfo.of(node.getName(), Tensors.elementType(tensor), dimensions);
    }

    /** What the model reads, in its order. */
    public List<ValueInfo> inputs() {
        return inputs;
    }

    /** What the model computes, in its order. */
    public List<ValueInfo> outputs() {
        return outputs;
    }

    @Override
    public Map<String, Array> run(Map<String, Array> given) {
        check.accept(given);
        inUse.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The model is closed");
            }
            return compute(given);
        } catch (OrtException e) {
            throw OrtErrors.translated("ONNX Runtime failed", e);
        } finally {
            inUse.readLock().unlock();
        }
    }

    private Map<String, Array> compute(Map<String, Array> given) throws OrtException {
        var tensors = new LinkedHashMap<String, OnnxTensor>();
        try {
            for (var input : given.entrySet()) {
                tensors.put(input.getKey(), Tensors.tensor(environment, input.getValue()));
            }
            try (OrtSession.Result result = sessions.run(tensors)) {
                return arrays(result);
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private static Map<String, Array> arrays(OrtSession.Result result) throws OrtException {
        var arrays = new LinkedHashMap<String, Array>();
        for (Map.Entry<String, OnnxValue> output : result) {
            arrays.put(output.getKey(), Tensors.array(output.getKey(), output.getValue()));
        }
        return arrays;
    }

    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                sessions.close();
            }
        } catch (OrtException e) {
            throw OrtErrors.translated("ONNX Runtime failed to close the model", e);
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
