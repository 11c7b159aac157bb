package dev.graft.cli;

import dev.graft.Cache;
import dev.graft.bundle.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code graft doctor}: what this machine offers, and what would be slow and why. */
@Command(
        name = "doctor",
        footer = {"Example: graft doctor", ""},
        customSynopsis = "graft doctor [OPTION]...",
        sortOptions = false,
        description = "Checks Java, processor, native libraries, memory and cache; says what would be slow and why.")
final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private CommonOptions common = new CommonOptions();

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.beQuiet(common.quiet);
        List<Finding> findings = new ArrayList<>(Machine.findings());
        findings.addAll(HostFindings.present());
        findings.add(Finding.trying("libtorch", NativeLibraries::libtorch));
        findings.add(Finding.trying("ONNX Runtime", NativeLibraries::onnxRuntime));
        findings.add(Finding.trying("tokenizers", NativeLibraries::tokenizers));
        findings.add(Finding.trying("cache", () -> Machine.cache(Cache.folder())));
        if (common.json) {
            console.answer(Json.text(new Examination(findings)).stripTrailing());
        } else {
            findings.forEach(finding -> console.answer(finding.line()));
        }
        return findings.stream().anyMatch(finding -> finding.state() == Finding.State.BROKEN) ? 1 : 0;
    }

    private record Examination(List<Finding> findings) {}
}
