package dev.graft.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.graft.predict.Terms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** What the Open Inference Protocol tells over HTTP of the server and its models, and how it loads and unloads them. */
record V2Directory(Models models, int maxClientBatchSize, Executor workers) {
    static final String UNLOAD_DEPENDENTS = "unload_dependents";
    static final List<String> EXTENSIONS =
            List.of("model_repository", "model_configuration", "statistics", "binary_tensor_data");

    /** {@code GET /v2}. */
    HttpResponse server() {
        return json(out -> {
            out.writeStartObject();
            out.writeStringField("name", "graft");
            out.writeStringField("version", Version.text());
            out.writeFieldName("extensions");
            out.writeArray(EXTENSIONS.toArray(String[]::new), 0, EXTENSIONS.size());
            out.writeEndObject();
        });
    }

    /** {@code GET /v2/health/live}. */
    HttpResponse live() {
        return json(out -> {
            out.writeStartObject();
            out.writeBooleanField("live", true);
            out.writeEndObject();
        });
    }

    /** {@code GET /v2/health/ready}. */
    HttpResponse ready() {
        if (!models.allReady()) {
            throw new Problem(Problem.Type.UNAVAILABLE, "A model is not loaded");
        }
        return json(out -> {
            out.writeStartObject();
            out.writeBooleanField("ready", true);
            out.writeEndObject();
        });
    }

    /** {@code GET /v2/models/NAME/ready}. */
    HttpResponse modelReady(ServiceRequestContext context) {
        String name = String.valueOf(context.pathParam("model"));
        models.require(name, version(context));
        return json(out -> {
            out.writeStartObject();
            out.writeStringField("name", name);
            out.writeBooleanField("ready", true);
            out.writeEndObject();
        });
    }

    /** {@code GET /v2/models/NAME}. */
    HttpResponse model(ServiceRequestContext context) {
        return asked(
                context,
                model -> json(out -> {
                    out.writeStartObject();
                    out.writeStringField("name", model.name());
                    List<String> versions = models.versionsOf(model.name());
                    out.writeFieldName("versions");
                    out.writeArray(versions.toArray(String[]::new), 0, versions.size());
                    out.writeStringField("platform", model.engine().platform());
                    write(out, "inputs", TensorInfo.inputs(model));
                    write(out, "outputs", TensorInfo.outputs(model));
                    out.writeObjectFieldStart("parameters");
                    out.writeStringField(
                            ModelConfiguration.PRECISION, model.engine().precision());
                    out.writeEndObject();
                    out.writeEndObject();
                }));
    }

    /** {@code GET /v2/models/NAME/config}. */
    HttpResponse configuration(ServiceRequestContext context) {
        return asked(context, model -> json(new ModelConfiguration(model, maxClientBatchSize)::write));
    }

    /** {@code GET /v2/models/stats} and {@code GET /v2/models/NAME/stats}. */
    HttpResponse statistics(ServiceRequestContext context) {
        String name = Optional.ofNullable(context.pathParam("model")).orElse("");
        String version = version(context);
        return HttpResponse.of(CompletableFuture.supplyAsync(() -> models.statistics(name, version), workers)
                .thenApply(all -> json(out -> {
                    out.writeStartObject();
                    out.writeArrayFieldStart("model_stats");
                    for (InferenceStatistics each : all) {
                        each.write(out);
                    }
                    out.writeEndArray();
                    out.writeEndObject();
                })));
    }

    /** {@code POST /v2/repository/index}. */
    HttpResponse index(ServiceRequestContext context, HttpRequest request) {
        return HttpResponse.of(request.aggregate().thenApply(body -> index(readyOnly(body.content()))));
    }

    private static boolean readyOnly(HttpData body) {
        try {
            return !body.isEmpty()
                    && new Fields(JsonBody.object(body.array()))
                            .knowing(Set.of("ready"))
                            .flag("ready", false);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private HttpResponse index(boolean readyOnly) {
        return json(out -> {
            out.writeStartArray();
            for (Models.State state : models.states()) {
                if (!readyOnly || state.version().isPresent()) {
                    out.writeStartObject();
                    out.writeStringField("name", state.name());
                    out.writeStringField("version", state.version().orElse(""));
                    out.writeStringField("state", state.state());
                    out.writeStringField("reason", state.reason());
                    out.writeEndObject();
                }
            }
            out.writeEndArray();
        });
    }

    /** {@code POST /v2/repository/models/NAME/load}: loading takes long, so it is done away from the event loop. */
    HttpResponse load(ServiceRequestContext context, HttpRequest request) {
        return changed(request, Set.of(), () -> models.load(String.valueOf(context.pathParam("model"))));
    }

    /** {@code POST /v2/repository/models/NAME/unload}. */
    HttpResponse unload(ServiceRequestContext context, HttpRequest request) {
        return changed(
                request, Set.of(UNLOAD_DEPENDENTS), () -> models.unload(String.valueOf(context.pathParam("model"))));
    }

    private HttpResponse changed(HttpRequest request, Set<String> known, Runnable change) {
        CompletableFuture<HttpResponse> done = request.aggregate()
                .thenApplyAsync(
                        body -> {
                            requireParameters(body.content(), known);
                            change.run();
                            return HttpResponse.of(HttpStatus.OK);
                        },
                        workers);
        return HttpResponse.of(done);
    }

    private static void requireParameters(HttpData body, Set<String> known) {
        if (body.isEmpty()) {
            return;
        }
        try {
            JsonNode parameters = new Fields(JsonBody.object(body.array()))
                    .knowing(Set.of("parameters"))
                    .object()
                    .path("parameters");
            if (!parameters.isMissingNode() && !parameters.isNull()) {
                var given = new ArrayList<String>();
                new Fields(parameters).object().fieldNames().forEachRemaining(given::add);
                requireParameters(given, known);
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /**
     * Refuses what a bundle does not take: it is loaded as it lies in its folder.
     *
     * @throws Problem if one is given
     */
    static void requireParameters(Collection<String> given, Set<String> known) {
        for (String name : given) {
            if (!known.contains(name)) {
                throw Problem.invalid("The parameter '" + Names.shown(name)
                        + "' is not taken: a bundle is loaded as it lies in its folder");
            }
        }
    }

    private interface Answer {
        HttpResponse of(ServedModel model);
    }

    private HttpResponse asked(ServiceRequestContext context, Answer answer) {
        String name = String.valueOf(context.pathParam("model"));
        return HttpResponse.of(models.hold(name, version(context), Terms.NONE).thenApply(held -> {
            try (Models.Use use = held) {
                return answer.of(use.model());
            }
        }));
    }

    private static String version(ServiceRequestContext context) {
        String version = context.pathParam("version");
        return version == null ? "" : version;
    }

    private static void write(JsonGenerator out, String field, List<TensorInfo> tensors) throws IOException {
        out.writeArrayFieldStart(field);
        for (TensorInfo tensor : tensors) {
            out.writeStartObject();
            out.writeStringField("name", tensor.name());
            out.writeStringField("datatype", tensor.type().name());
            out.writeArrayFieldStart("shape");
            for (long size : tensor.shape()) {
                out.writeNumber(size);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static HttpResponse json(JsonBody.Writer writer) {
        HttpData body = JsonBody.of(writer);
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON, body);
    }
}
