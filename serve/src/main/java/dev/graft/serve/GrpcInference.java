package dev.graft.serve;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.graft.predict.Terms;
import dev.graft.watch.Outcome;
import dev.graft.watch.Visit;
import dev.graft.watch.Watch;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.ModelConfigRequest;
import inference.ModelConfigResponse;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelReadyRequest;
import inference.ModelReadyResponse;
import inference.ModelStatisticsRequest;
import inference.ModelStatisticsResponse;
import inference.ModelStreamInferResponse;
import inference.RepositoryIndexRequest;
import inference.RepositoryIndexResponse;
import inference.RepositoryModelLoadRequest;
import inference.RepositoryModelLoadResponse;
import inference.RepositoryModelUnloadRequest;
import inference.RepositoryModelUnloadResponse;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import inference.ServerMetadataRequest;
import inference.ServerMetadataResponse;
import inference.ServerReadyRequest;
import inference.ServerReadyResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** {@code inference.GRPCInferenceService} of the Open Inference Protocol, version 2. */
final class GrpcInference extends GRPCInferenceServiceImplBase {
    private static final String INFER = "infer";

    private final Models models;
    private final Inference inference;
    private final int maxClientBatchSize;
    private final Admission admission;
    private final Meters meters;
    private final Watch watch;
    private final Executor workers;

    GrpcInference(
            Models models,
            Inference inference,
            int maxClientBatchSize,
            Admission admission,
            Meters meters,
            Watch watch,
            Executor workers) {
        this.models = models;
        this.inference = inference;
        this.maxClientBatchSize = maxClientBatchSize;
        this.admission = admission;
        this.meters = meters;
        this.watch = watch;
        this.workers = workers;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
        answer(observer, () -> ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
        answer(
                observer,
                () -> ServerReadyResponse.newBuilder()
                        .setReady(models.allReady())
                        .build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
        answer(observer, () -> {
            boolean ready = models.isReady(request.getName(), request.getVersion());
            return ModelReadyResponse.newBuilder().setReady(ready).build();
        });
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
        answer(
                observer,
                () -> ServerMetadataResponse.newBuilder()
                        .setName("graft")
                        .setVersion(Version.text())
                        .addAllExtensions(V2Directory.EXTENSIONS)
                        .build());
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        workers.execute(() -> answer(observer, () -> {
            try (Models.Use use = models.use(request.getName(), request.getVersion())) {
                ModelMetadataResponse.Builder response = ModelMetadataResponse.newBuilder()
                        .setName(use.model().name())
                        .addAllVersions(models.versionsOf(use.model().name()))
                        .setPlatform(use.model().engine().platform());
                TensorInfo.inputs(use.model()).forEach(info -> response.addInputs(metadata(info)));
                TensorInfo.outputs(use.model()).forEach(info -> response.addOutputs(metadata(info)));
                return response.build();
            }
        }));
    }

    private static ModelMetadataResponse.TensorMetadata metadata(TensorInfo info) {
        return ModelMetadataResponse.TensorMetadata.newBuilder()
                .setName(info.name())
                .setDatatype(info.type().name())
                .addAllShape(info.shape())
                .build();
    }

    @Override
    public void repositoryIndex(RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> observer) {
        answer(observer, () -> {
            RepositoryIndexResponse.Builder response = RepositoryIndexResponse.newBuilder();
            for (Models.State state : models.states()) {
                if (!request.getReady() || state.version().isPresent()) {
                    response.addModels(RepositoryIndexResponse.ModelIndex.newBuilder()
                            .setName(state.name())
                            .setVersion(state.version().orElse(""))
                            .setState(state.state())
                            .setReason(state.reason()));
                }
            }
            return response.build();
        });
    }

    @Override
    public void repositoryModelLoad(
            RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> observer) {
        workers.execute(() -> answer(observer, () -> {
            V2Directory.requireParameters(request.getParametersMap().keySet(), Set.of());
            models.load(request.getModelName());
            return RepositoryModelLoadResponse.getDefaultInstance();
        }));
    }

    @Override
    public void repositoryModelUnload(
            RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> observer) {
        workers.execute(() -> answer(observer, () -> {
            V2Directory.requireParameters(request.getParametersMap().keySet(), Set.of(V2Directory.UNLOAD_DEPENDENTS));
            models.unload(request.getModelName());
            return RepositoryModelUnloadResponse.getDefaultInstance();
        }));
    }

    @Override
    public void modelConfig(ModelConfigRequest request, StreamObserver<ModelConfigResponse> observer) {
        workers.execute(() -> answer(observer, () -> {
            try (Models.Use use = models.use(request.getName(), request.getVersion())) {
                return ModelConfigResponse.newBuilder()
                        .setConfig(new ModelConfiguration(use.model(), maxClientBatchSize).message())
                        .build();
            }
        }));
    }

    @Override
    public void modelStatistics(ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> observer) {
        workers.execute(() -> answer(observer, () -> {
            ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
            models.statistics(request.getName(), request.getVersion())
                    .forEach(each -> response.addModelStats(each.message()));
            return response.build();
        }));
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
        ServiceRequestContext context = ServiceRequestContext.current();
        asked(context, request, terms(context), context.whenRequestCancelling()).whenComplete((response, failure) -> {
            if (failure != null) {
                observer.onError(GrpcStatus.of(failure).asRuntimeException());
            } else {
                observer.onNext(response);
                observer.onCompleted();
            }
        });
    }

    @Override
    public StreamObserver<ModelInferRequest> modelStreamInfer(StreamObserver<ModelStreamInferResponse> observer) {
        ServiceRequestContext context = ServiceRequestContext.current();
        Terms terms = terms(context);
        if (terms.deadline() == Terms.NEVER) {
            context.clearRequestTimeout();
        }
        context.setMaxRequestLength(0);
        return InferStream.of((request, left) -> asked(context, request, terms, left), observer, context.eventLoop());
    }

    private static Terms terms(ServiceRequestContext context) {
        long timeout = context.requestTimeoutMillis();
        boolean hurried = context.request().headers().contains("grpc-timeout") && timeout > 0;
        return new Terms(
                hurried ? System.nanoTime() + Duration.ofMillis(timeout).toNanos() : Terms.NEVER,
                ApiKey.priority(context, 0));
    }

    /** @param left completes when the caller has left */
    private CompletableFuture<ModelInferResponse> asked(
            ServiceRequestContext context, ModelInferRequest request, Terms terms, CompletableFuture<?> left) {
        Visit visit = watch.visit(INFER, context.request().headers()::get);
        if (!admission.enter()) {
            end(visit, Outcomes.of(Admission.refused().type()));
            return CompletableFuture.failedFuture(Admission.refused());
        }
        return CompletableFuture.supplyAsync(() -> infer(left, request, terms, visit), workers)
                .thenCompose(response -> response)
                .whenComplete((response, failure) -> {
                    admission.leave();
                    end(
                            visit,
                            failure == null
                                    ? Outcome.SUCCESS
                                    : Outcomes.of(Problems.of(failure).type()));
                });
    }

    private CompletableFuture<ModelInferResponse> infer(
            CompletableFuture<?> left, ModelInferRequest request, Terms terms, Visit visit) {
        return models.hold(request.getModelName(), request.getModelVersion(), terms)
                .thenCompose(use -> infer(left, request, terms, visit, use));
    }

    private CompletableFuture<ModelInferResponse> infer(
            CompletableFuture<?> left, ModelInferRequest request, Terms terms, Visit visit, Models.Use use) {
        visit.model(use.model().name(), use.model().version());
        String id = UUID.randomUUID().toString();
        visit.predictionId(id);
        try {
            InferRequest asked = V2Grpc.request(request, terms);
            CompletableFuture<Inference.Inferred> inferred = inference.infer(use.model(), asked, visit);
            var unused = left.thenAccept(cause -> inferred.cancel(false));
            return inferred.thenApply(done -> {
                        long post = System.nanoTime();
                        ModelInferResponse response = V2Grpc.response(use.model(), asked, id, done.outputs());
                        use.model().meters().answered(visit, done.answered(), System.nanoTime() - post);
                        return response;
                    })
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            use.model().meters().failed(visit.elapsed());
                        }
                        use.close();
                    });
        } catch (RuntimeException | Error e) {
            use.model().meters().failed(visit.elapsed());
            use.close();
            throw e;
        }
    }

    private void end(Visit visit, Outcome outcome) {
        meters.request(INFER, outcome.name());
        visit.end(outcome);
    }

    private static <T> void answer(StreamObserver<T> observer, Supplier<T> made) {
        T message;
        try {
            message = made.get();
        } catch (RuntimeException e) {
            observer.onError(GrpcStatus.of(e).asRuntimeException());
            return;
        }
        observer.onNext(message);
        observer.onCompleted();
    }
}
