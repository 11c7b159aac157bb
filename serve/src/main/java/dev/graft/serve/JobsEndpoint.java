package dev.graft.serve;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.file.HttpFile;
import dev.graft.predict.AnswerFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** {@code /jobs}: a file in, a file out, and events that tell how far it is. */
record JobsEndpoint(Jobs jobs, Models models, Admission listeners) {
    private static final int MOST_LISTENERS = 256;
    private static final String LAST_EVENT_ID = "last-event-id";

    JobsEndpoint(Jobs jobs, Models models) {
        this(jobs, models, new Admission(MOST_LISTENERS));
    }

    /** {@code POST /jobs}. */
    HttpResponse submit(ServiceRequestContext context, HttpRequest request) {
        return HttpResponse.of(CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return accepted(added(context, request).record());
                    } catch (Problem problem) {
                        request.abort();
                        return Problems.response(problem);
                    }
                },
                context.blockingTaskExecutor()));
    }

    private Job added(ServiceRequestContext context, HttpRequest request) {
        String id = UUID.randomUUID().toString();
        return jobs.add(id, folder -> {
            var upload = new JobUpload(folder, jobs.space(), jobs.settings().maxFileBytes());
            try {
                upload.receive(context, request);
                return record(id, ApiKey.name(context), upload);
            } catch (IOException | RuntimeException | Error e) {
                upload.giveBack();
                throw e;
            }
        });
    }

    private JobRecord record(String id, String owner, JobUpload upload) {
        String model = models.offered(upload.field(JobUpload.MODEL));
        String output = upload.field(JobUpload.OUTPUT);
        AnswerFormat format = output.isEmpty()
                ? AnswerFormat.of(upload.input()).orElse(AnswerFormat.CSV)
                : AnswerFormat.ofExtension(output)
                        .orElseThrow(() -> Problem.invalid("'output' must be csv, tsv or jsonl"));
        return JobRecord.queued(
                id, owner, model, upload.input(), format.extension(), upload.field(JobUpload.TEXT), JobRun.now());
    }

    private static HttpResponse accepted(JobRecord record) {
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.ACCEPTED)
                .contentType(MediaType.JSON)
                .set(HttpHeaderNames.LOCATION, "/jobs/" + record.id())
                .build();
        return HttpResponse.of(headers, JsonBody.of(record::write));
    }

    /** {@code GET /jobs}. */
    HttpResponse all(ServiceRequestContext context) {
        List<JobRecord> all = jobs.all(ApiKey.name(context));
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON, JsonBody.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("jobs");
            for (JobRecord record : all) {
                record.write(json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    /** {@code GET /jobs/ID}. */
    HttpResponse one(ServiceRequestContext context) {
        return HttpResponse.of(
                HttpStatus.OK, MediaType.JSON, JsonBody.of(job(context).record()::write));
    }

    /** {@code DELETE /jobs/ID}. */
    HttpResponse delete(ServiceRequestContext context) {
        jobs.delete(id(context), ApiKey.name(context));
        return HttpResponse.of(ResponseHeaders.of(HttpStatus.NO_CONTENT));
    }

    /** {@code GET /jobs/ID/result}. */
    HttpResponse result(ServiceRequestContext context, HttpRequest request) throws Exception {
        JobRecord record = job(context).record();
        Path file = jobs.result(record);
        context.clearRequestTimeout();
        return HttpFile.builder(file)
                .contentType(type(AnswerFormat.ofExtension(record.output()).orElseThrow()))
                .addHeader(
                        HttpHeaderNames.CONTENT_DISPOSITION,
                        "attachment; filename=\"" + record.id() + "." + record.output() + "\"")
                .build()
                .asService()
                .serve(context, request);
    }

    private static MediaType type(AnswerFormat format) {
        return switch (format) {
            case CSV -> MediaType.CSV_UTF_8;
            case TSV -> MediaType.TSV_UTF_8;
            case JSON_LINES -> MediaType.parse("application/jsonl");
        };
    }

    /** {@code GET /jobs/ID/events}; 204 for one who has heard the last of them, which tells browsers not to return. */
    HttpResponse events(ServiceRequestContext context, HttpRequest request) {
        Job job = job(context);
        long last = lastEvent(request);
        if (last > 0 && job.record().state().ended() && job.after(last).isEmpty()) {
            return HttpResponse.of(ResponseHeaders.of(HttpStatus.NO_CONTENT));
        }
        if (!listeners.enter()) {
            throw new Problem(
                    Problem.Type.OVERLOADED,
                    "As many callers listen to jobs as may; ask again later",
                    Duration.ofSeconds(10));
        }
        return EventStream.of(context, job, last, jobs.settings().heartBeat(), listeners::leave);
    }

    private static long lastEvent(HttpRequest request) {
        String given = request.headers().get(LAST_EVENT_ID);
        try {
            return given == null ? 0 : Long.parseLong(given.strip());
        } catch (NumberFormatException e) {
            throw new Problem(
                    Problem.Type.MALFORMED, "The header " + LAST_EVENT_ID + " must be the id of an event of this job");
        }
    }

    private Job job(ServiceRequestContext context) {
        return jobs.job(id(context), ApiKey.name(context));
    }

    private static String id(ServiceRequestContext context) {
        return String.valueOf(context.pathParam("id"));
    }
}
