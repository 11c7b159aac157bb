package dev.graft.train;

/**
 * Where a run stands between two steps: everything that is needed to go on, weights and optimizer state apart.
 *
 * @param phase index of the phase, from 0
 * @param epoch number of the current epoch over all phases, from 1
 * @param epochSteps optimizer steps of the current epoch that are done
 * @param phaseSteps optimizer steps done in this phase
 * @param steps optimizer steps done in all
 * @param rowsDone rows of the current epoch that are done
 * @param lossSum sum over those rows of their loss
 * @param seconds spent on the current epoch so far
 * @param finished whether no step is left
 * @param history the epochs that have ended
 */
record Progress(
        int phase,
        int epoch,
        int epochSteps,
        long phaseSteps,
        long steps,
        int rowsDone,
        double lossSum,
        double seconds,
        boolean finished,
        History history) {
    static final Progress START = new Progress(0, 1, 0, 0, 0, 0, 0, 0, false, History.NONE);

    Progress afterStep(int rows, double meanLoss, double elapsed) {
        return new Progress(
                phase,
                epoch,
                epochSteps + 1,
                phaseSteps + 1,
                steps + 1,
                rowsDone + rows,
                lossSum + meanLoss * rows,
                seconds + elapsed,
                false,
                history);
    }

    Progress afterEpoch(History changed) {
        return new Progress(phase, epoch + 1, 0, phaseSteps, steps, 0, 0, 0, false, changed);
    }

    Progress inNextPhase() {
        return new Progress(phase + 1, epoch, 0, 0, steps, 0, 0, 0, false, history);
    }

    Progress atEnd() {
        return new Progress(phase, epoch, epochSteps, phaseSteps, steps, 0, 0, 0, true, history);
    }

    double meanLoss() {
        return rowsDone == 0 ? 0 : lossSum / rowsDone;
    }
}
