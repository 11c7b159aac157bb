package dev.graft.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.linecorp.armeria.common.RequestHeaders;
import dev.graft.predict.Terms;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An inference request of the Open Inference Protocol over HTTP: JSON, and behind it the bytes of those tensors that say
 * so.
 *
 * @param binary whether each asked-for output, or else all, is to come as bytes
 */
record V2Request(InferRequest request, List<Boolean> binary, boolean allBinary) {
    static final String JSON_LENGTH = "inference-header-content-length";

    /** KServe's client repeats the model, which the address has named already. */
    private static final Set<String> KNOWN =
            Set.of("id", "parameters", "inputs", "outputs", "model_name", "model_version");

    private static final Set<String> TENSOR = Set.of("name", "shape", "datatype", "parameters", "data");
    private static final Set<String> OUTPUT = Set.of("name", "parameters");
    private static final int MOST_TENSORS = 16;
    private static final long LONGEST_TIMEOUT_US = Duration.ofDays(1).toMillis() * 1000;

    /**
     * Reads a request.
     *
     * @throws IOException if its head is no JSON
     */
    static V2Request of(RequestHeaders headers, byte[] body, Terms terms) throws IOException {
        int head = headLength(headers, body.length);
        Fields fields = new Fields(JsonBody.object(body, 0, head)).knowing(KNOWN);
        Fields parameters = parameters(fields.object());
        List<InferTensor> inputs =
                inputs(list(fields.required("inputs"), "inputs"), ByteBuffer.wrap(body, head, body.length - head));
        var outputs = new ArrayList<String>();
        var binary = new ArrayList<Boolean>();
        for (JsonNode output : list(fields.object().path("outputs"), "outputs")) {
            Fields wanted = new Fields(output).knowing(OUTPUT);
            outputs.add(wanted.text("name", ""));
            binary.add(parameters(output).flag("binary_data", false));
        }
        var request = new InferRequest(fields.text("id", ""), inputs, outputs, terms(parameters.object(), terms));
        return new V2Request(request, binary, parameters.flag("binary_data_output", false));
    }

    /** The parameters of a request, or of a part of it, of which any may be unknown. */
    private static Fields parameters(JsonNode of) {
        JsonNode parameters = of.path("parameters");
        return new Fields(
                parameters.isMissingNode() || parameters.isNull() ? JsonNodeFactory.instance.objectNode() : parameters);
    }

    private static int headLength(RequestHeaders headers, int length) {
        String given = headers.get(JSON_LENGTH);
        if (given == null) {
            return length;
        }
        try {
            int head = Integer.parseInt(given.strip());
            if (head >= 0 && head <= length) {
                return head;
            }
        } catch (NumberFormatException e) {
            // told below, as is a number out of range
        }
        throw new Problem(
                Problem.Type.MALFORMED,
                "The header " + JSON_LENGTH + " must be the number of the body's bytes that are JSON, 0 to " + length);
    }

    private static List<JsonNode> list(JsonNode value, String name) {
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray() || value.size() > MOST_TENSORS) {
            throw Problem.invalid("'" + name + "' must be a list of at most " + MOST_TENSORS + " objects");
        }
        var list = new ArrayList<JsonNode>();
        value.forEach(list::add);
        return list;
    }

    private static List<InferTensor> inputs(List<JsonNode> inputs, ByteBuffer bytes) {
        var tensors = new ArrayList<InferTensor>();
        for (JsonNode input : inputs) {
            tensors.add(tensor(new Fields(input).knowing(TENSOR), bytes));
        }
        if (bytes.hasRemaining()) {
            throw Problem.invalid("Behind the JSON are " + bytes.remaining() + " bytes that no input claims");
        }
        return tensors;
    }

    private static InferTensor tensor(Fields fields, ByteBuffer bytes) {
        String name = fields.text("name", "");
        DataType type = DataType.named(name, fields.text("datatype", ""));
        long[] shape = shape(name, fields.required("shape"));
        int elements = Shapes.elements(name, shape);
        JsonNode size = parameters(fields.object()).object().path("binary_data_size");
        if (size.isMissingNode()) {
            return new InferTensor(name, TensorJson.read(name, type, shape, elements, fields.required("data")));
        }
        if (!size.canConvertToInt() || size.intValue() < 0 || size.intValue() > bytes.remaining()) {
            throw Problem.invalid("The input '" + Names.shown(name) + "' claims more bytes behind the JSON than there"
                    + " are: 'binary_data_size' is at most " + bytes.remaining());
        }
        ByteBuffer own = bytes.slice(bytes.position(), size.intValue());
        bytes.position(bytes.position() + size.intValue());
        Array array = TensorBytes.read(name, type, shape, elements, own);
        return new InferTensor(name, array);
    }

    private static long[] shape(String name, JsonNode shape) {
        if (!shape.isArray() || shape.size() > 64) {
            throw Problem.invalid("The 'shape' of the tensor '" + Names.shown(name) + "' must be a list of sizes");
        }
        long[] sizes = new long[shape.size()];
        for (int i = 0; i < sizes.length; i++) {
            if (!shape.get(i).isIntegralNumber() || !shape.get(i).canConvertToLong()) {
                throw Problem.invalid("The 'shape' of the tensor '" + Names.shown(name) + "' must hold whole numbers");
            }
            sizes[i] = shape.get(i).longValue();
        }
        return sizes;
    }

    /** Triton's {@code timeout} in microseconds, where it is nearer than what the headers say. */
    private static Terms terms(JsonNode parameters, Terms terms) {
        JsonNode timeout = parameters.path("timeout");
        if (timeout.isMissingNode() || timeout.isNull() || timeout.isIntegralNumber() && timeout.asLong() == 0) {
            return terms;
        }
        if (!timeout.isIntegralNumber() || timeout.asLong() < 1 || timeout.asLong() > LONGEST_TIMEOUT_US) {
            throw Problem.invalid("'timeout' must be a number of microseconds from 0 to " + LONGEST_TIMEOUT_US);
        }
        long deadline = System.nanoTime() + timeout.asLong() * 1000;
        return terms.deadline() == Terms.NEVER || deadline - terms.deadline() < 0
                ? new Terms(deadline, terms.priority())
                : terms;
    }
}
