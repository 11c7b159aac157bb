package dev.graft.torch.ops;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Values between the elements of images, weighted by how near they are; 0 outside. */
final class Between {
    private Between() {}

    /**
     * Linear interpolation along every axis.
     *
     * @param images [images, channels, axes…], of real numbers
     * @param coordinates for each axis [images, places], in elements
     * @return [images, channels, places]
     */
    static Tensor linear(Tensor images, List<Tensor> coordinates) {
        Tensor flat = images.flatten(2, -1);
        Tensor sum = torch.zeros(new long[] {1}, images.options());
        for (int corner = 0; corner < 1 << coordinates.size(); corner++) {
            sum = torch.add(sum, corner(images, flat, coordinates, corner));
        }
        return sum;
    }

    private static Tensor corner(Tensor images, Tensor flat, List<Tensor> coordinates, int corner) {
        Tensor weight = torch.ones_like(coordinates.get(0));
        Tensor index = torch.zeros_like(coordinates.get(0)).to(ScalarType.Long);
        for (int i = 0; i < coordinates.size(); i++) {
            Tensor below = torch.floor(coordinates.get(i).detach());
            Tensor above = torch.sub(coordinates.get(i), below);
            boolean upper = (corner >> i & 1) == 1;
            Tensor near = upper ? above : torch.add(torch.neg(above), new Scalar(1));
            Tensor element = upper ? torch.add(below, new Scalar(1)) : below;
            Scalar last = new Scalar(images.size(2 + i) - 1);
            Tensor inside = torch.logical_and(torch.ge(element, new Scalar(0)), torch.le(element, last));
            Tensor held = torch.clamp(
                    element.to(ScalarType.Long), new ScalarOptional(new Scalar(0)), new ScalarOptional(last));
            index = torch.add(torch.mul(index, new Scalar(images.size(2 + i))), held);
            weight = torch.mul(weight, torch.where(inside, near, torch.zeros_like(near)));
        }
        Tensor taken = torch.gather(flat, 2, index.unsqueeze(1).expand(flat.size(0), flat.size(1), index.size(1)));
        return torch.mul(taken, weight.unsqueeze(1));
    }
}
