#include "models/kernels/tensor_gpu/raster.h"

#include <algorithm>

#include "schema/dtype.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

namespace {

// Height of a band in clusters: `slots` clusters in flight touch h row blocks and slots / h column
// blocks.
std::int64_t band_height(const GemmTiling& tiling, std::int64_t slots) {
  std::int64_t best = 1;
  std::int64_t least = 0;
  for (std::int64_t height = 1; height <= slots; ++height) {
    const std::int64_t touched = height * tiling.blocks_m() * tiling.m +
                                 ceil_div(slots, height) * tiling.blocks_n() * tiling.n;
    if (height == 1 || touched < least) {
      best = height;
      least = touched;
    }
  }
  return best;
}

// The blocks of one group.
class Group {
 public:
  Group(const GemmTiling& tiling, const GemmWork& work, std::size_t group, std::int64_t first_m)
      : tiling_(tiling),
        work_(work),
        rows_(work.rows[group]),
        blocks_n_(ceil_div(work.n, tiling.n)),
        group_(static_cast<std::int64_t>(group)),
        first_m_(first_m),
        first_n_(group_ * blocks_n_) {}

  std::int64_t blocks_m() const { return ceil_div(rows_, tiling_.m); }
  std::int64_t clusters_m() const { return ceil_div(blocks_m(), tiling_.blocks_m()); }
  std::int64_t clusters_n() const { return ceil_div(blocks_n_, tiling_.blocks_n()); }

  GemmCluster cluster(std::int64_t m, std::int64_t n) const {
    GemmCluster cluster;
    const std::int64_t first_m = m * tiling_.blocks_m();
    const std::int64_t first_n = n * tiling_.blocks_n();
    cluster.tiles[0] = tile(first_m, first_n);
    if (tiling_.multicast == Multicast::kAlongM && first_m + 1 < blocks_m()) {
      cluster.tiles[1] = tile(first_m + 1, first_n);
      share(cluster, &GemmTile::share_b);
    }
    if (tiling_.multicast == Multicast::kAlongN && first_n + 1 < blocks_n_) {
      cluster.tiles[1] = tile(first_m, first_n + 1);
      share(cluster, &GemmTile::share_a);
    }
    return cluster;
  }

 private:
  GemmTile tile(std::int64_t m, std::int64_t n) const {
    GemmTile tile;
    tile.rows = std::min(tiling_.m, rows_ - m * tiling_.m);
    tile.columns = std::min(tiling_.n, work_.n - n * tiling_.n);
    tile.a = first_m_ + m;
    tile.b = first_n_ + n;
    tile.c = tile.a * blocks_n_ + n;
    tile.group = group_;
    return tile;
  }

  static void share(GemmCluster& cluster, GemmTile::Share GemmTile::*operand) {
    cluster.tiles[0].*operand = {2, 0};
    cluster.tiles[1].*operand = {2, 1};
  }

  const GemmTiling& tiling_;
  const GemmWork& work_;
  std::int64_t rows_;
  std::int64_t blocks_n_;
  std::int64_t group_;
  std::int64_t first_m_;  // block numbers of this group's first blocks
  std::int64_t first_n_;
};

}  // namespace

std::int64_t clusters(const GemmTiling& tiling, const GemmWork& work) {
  std::int64_t count = 0;
  for (std::size_t g = 0; g < work.rows.size(); ++g) {
    const Group group(tiling, work, g, 0);
    count += group.clusters_m() * group.clusters_n();
  }
  return count;
}

// Data that cores near all partitions read are in each of them.
std::vector<double> gemm_fetches(const GemmTiling& tiling, const GemmWork& work,
                                 const Target& target) {
  const std::int64_t slots = target.cores.matrix() / tiling.cluster();
  const std::size_t largest = static_cast<std::size_t>(
      std::max_element(work.rows.begin(), work.rows.end()) - work.rows.begin());
  const Group group(tiling, work, largest, 0);
  const auto height = std::min(band_height(tiling, slots), group.clusters_m());
  const auto bands = static_cast<double>(ceil_div(group.clusters_m(), height));
  const auto wave_columns = std::min(ceil_div(slots, height), group.clusters_n());
  const auto waves = static_cast<double>(ceil_div(group.clusters_n(), wave_columns));
  const auto& l2 = target.chip.l2();
  const double element = element_bytes(work.dtype);
  const auto depth = static_cast<double>(work.k);
  const auto rows = static_cast<double>(height * tiling.blocks_m() * tiling.m);
  const auto columns = static_cast<double>(wave_columns * tiling.blocks_n() * tiling.n);
  const auto copies = static_cast<double>(std::max<std::uint32_t>(1, l2.partitions()));
  const auto held = [&](double all_columns) {
    return copies * (rows + all_columns) * depth * element +
               rows * all_columns * element_bytes(work.out_dtype) <=
           l2.capacity();
  };
  return {held(columns) ? 1 : waves, held(static_cast<double>(work.n)) ? 1 : bands};
}

std::vector<GemmCluster> raster(const GemmTiling& tiling, const GemmWork& work, std::int64_t sms,
                                std::int64_t most) {
  const std::int64_t height = band_height(tiling, sms / tiling.cluster());
  std::vector<GemmCluster> clusters;
  std::int64_t first_m = 0;
  for (std::size_t g = 0; g < work.rows.size(); ++g) {
    const Group group(tiling, work, g, first_m);
    for (std::int64_t band = 0; band < group.clusters_m(); band += height) {
      const std::int64_t end = std::min(band + height, group.clusters_m());
      for (std::int64_t n = 0; n < group.clusters_n(); ++n) {
        for (std::int64_t m = band; m < end; ++m) {
          if (static_cast<std::int64_t>(clusters.size()) == most) {
            return clusters;
          }
          clusters.push_back(group.cluster(m, n));
        }
      }
    }
    first_m += group.blocks_m();
  }
  return clusters;
}

}  // namespace reticle::kernels::tensor_gpu
