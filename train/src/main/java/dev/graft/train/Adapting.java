package dev.graft.train;

import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.graph.Graph;
import dev.graft.hub.AdapterFile;
import dev.graft.hub.AdapterFolder;
import dev.graft.hub.Pretrained;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.rewrite.Targets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a run does about adapters: checks what is asked for, adds one to the graph, saves it. */
final class Adapting {
    private final TrainingJob job;
    private final Optional<AdapterFile> before;

    /** @throws InputException if what the job asks for cannot be meant, or its adapter cannot be read */
    Adapting(TrainingJob job, Policy policy) {
        this.job = job;
        this.before = job.adapter.map(AdapterFile::read);
        before.ifPresent(file -> requireFits(file, policy));
        if (policy.adapter().isEmpty() && (job.saveAdapter.isPresent() || job.keepAdapter)) {
            throw new InputException((job.keepAdapter ? "--keep-adapter" : "--save-adapter")
                    + " goes with --strategy lora, dora, ia3 or bottleneck; --strategy " + job.strategy.spelled()
                    + " trains no adapter");
        }
        job.saveAdapter.ifPresent(this::requireFree);
    }

    private void requireFits(AdapterFile file, Policy policy) {
        boolean same = policy.adapter()
                .filter(method -> method.getClass() == file.adapter().method().getClass())
                .isPresent();
        if (!same) {
            throw new InputException("The adapter " + job.adapter.orElseThrow() + " goes on with --strategy "
                    + kind(file.adapter().method()) + ", not with --strategy " + job.strategy.spelled());
        }
        if (!job.adapterOptions.equals(AdapterOptions.DEFAULT)) {
            throw new InputException("--adapter brings its own rank, factor, dropout and places; leave out the --lora-…"
                    + " and --adapter-… options, or --adapter");
        }
    }

    private static String kind(AdapterMethod method) {
        return method.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    private void requireFree(Path folder) {
        Path place = folder.toAbsolutePath().normalize();
        Path bundle = job.output.toAbsolutePath().normalize();
        if (place.startsWith(bundle) || bundle.startsWith(place)) {
            throw new InputException("--save-adapter " + folder + " and --output " + job.output
                    + " must be two folders of which none lies in the other");
        }
        AdapterFolder.requireFree(folder, job.replace);
    }

    /** The policy with the method of the adapter that is gone on from. */
    Policy policy(Policy plain) {
        return before.map(file -> plain.withAdapter(file.adapter().method())).orElse(plain);
    }

    /**
     * The graph with the adapter that the policy names.
     *
     * @throws InputException if the adapter was made for another model or other labels, or a layer is unknown
     */
    Graph grown(Graph headed, Policy policy, Pretrained pretrained, List<String> labels) {
        job.adapterOptions.targets().ifPresent(targets -> Targets.requireKnown(headed, targets));
        if (before.isPresent()) {
            before.get().requireBase(pretrained);
            requireLabels(before.get().labels(), labels);
            return before.get().adapter().apply(headed);
        }
        return policy.adapter().map(method -> method.apply(headed)).orElse(headed);
    }

    private void requireLabels(List<String> known, List<String> labels) {
        if (!known.equals(labels)) {
            throw new InputException(
                    "The adapter " + job.adapter.orElseThrow() + " tells " + known.size() + " labels apart, "
                            + shown(known) + "; the rows have " + labels.size() + ", " + shown(labels)
                            + ". An adapter goes on with the labels that it was trained with");
        }
    }

    private static String shown(List<String> labels) {
        int most = 5;
        return labels.size() <= most
                ? String.join(", ", labels)
                : String.join(", ", labels.subList(0, most)) + " and others";
    }

    /** Saves the adapter where that was asked for. */
    void save(Tuned tuned, Pretrained pretrained, List<String> labels, Bundle bundle) {
        job.saveAdapter.ifPresent(folder -> AdapterFolder.write(
                folder,
                new AdapterFile(
                        pretrained.name(),
                        pretrained.digest(),
                        pretrained.pooling(),
                        bundle.manifest().encoder().maxLength(),
                        labels,
                        tuned.adapter().orElseThrow()),
                bundle));
    }
}
