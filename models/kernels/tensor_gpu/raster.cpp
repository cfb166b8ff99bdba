#include "models/kernels/tensor_gpu/raster.h"

#include <algorithm>

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

std::vector<GemmCluster> raster(const GemmTiling& tiling, const GemmWork& work, std::int64_t sms) {
  const std::int64_t height = band_height(tiling, sms / tiling.cluster());
  std::vector<GemmCluster> clusters;
  std::int64_t first_m = 0;
  for (std::size_t g = 0; g < work.rows.size(); ++g) {
    const Group group(tiling, work, g, first_m);
    for (std::int64_t band = 0; band < group.clusters_m(); band += height) {
      const std::int64_t end = std::min(band + height, group.clusters_m());
      for (std::int64_t n = 0; n < group.clusters_n(); ++n) {
        for (std::int64_t m = band; m < end; ++m) {
          clusters.push_back(group.cluster(m, n));
        }
      }
    }
    first_m += group.blocks_m();
  }
  return clusters;
}

}  // namespace reticle::kernels::tensor_gpu
