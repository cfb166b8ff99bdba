#include "models/kernels/kernel_key.h"

#include <catch2/catch.hpp>
#include <functional>

#include "schema/config/assign.h"
#include "schema/config/catalog.h"
#include "schema/config/fields.h"

using namespace reticle;
using namespace reticle::kernels;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

struct Parts {
  Chip chip;
  Software software;
  Operator op;
  Cores cores;
  L2State l2;

  std::string digest() const {
    return kernels::digest(make_key(chip, software, op, cores, l2, FIDELITY_CYCLE));
  }
};

Parts parts(const std::string& chip = "h800-sxm") {
  const config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  Parts parts;
  parts.chip = catalog.chip(chip).message;
  parts.software = catalog.software(parts.chip.software()).message;
  config::assign(config::select_op(parts.op, "gemm"),
                 {{"m", "128"}, {"n", "256"}, {"k", "512"}, {"dtype", "fp8"}});
  parts.cores = all_cores(parts.chip);
  parts.l2.set_start(L2_START_RESIDENT);
  parts.l2.add_resident("a");
  return parts;
}

void change(Message& message, const FieldDescriptor& field) {
  const auto& r = *message.GetReflection();
  if (field.is_repeated()) {
    return r.RemoveLast(&message, &field);
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return r.SetDouble(&message, &field, r.GetDouble(message, &field) * 2 + 1);
    case FieldDescriptor::CPPTYPE_UINT32:
      return r.SetUInt32(&message, &field, r.GetUInt32(message, &field) + 1);
    case FieldDescriptor::CPPTYPE_INT64:
      return r.SetInt64(&message, &field, r.GetInt64(message, &field) + 1);
    case FieldDescriptor::CPPTYPE_BOOL:
      return r.SetBool(&message, &field, !r.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return r.SetEnumValue(&message, &field, r.GetEnumValue(message, &field) + 1);
    case FieldDescriptor::CPPTYPE_STRING:
      return r.SetString(&message, &field, r.GetString(message, &field) + "x");
    default:
      FAIL("cannot change " << field.full_name());
  }
}

using Report = std::function<void(const FieldDescriptor&, bool outside)>;

// Changes every field of a message that is there, one at a time, and puts it back.
void each_field(Message& message, bool outside, const Report& report) {
  const auto& r = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    const bool out = outside || config::outside_kernel_key(field);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (field.is_repeated()) {
        for (int n = 0; n < r.FieldSize(message, &field); ++n) {
          each_field(*r.MutableRepeatedMessage(&message, &field, n), out, report);
        }
      } else if (r.HasField(message, &field)) {
        each_field(*r.MutableMessage(&message, &field), out, report);
      }
    } else if (!field.is_repeated() || r.FieldSize(message, &field) > 0) {
      const std::unique_ptr<Message> before(message.New());
      before->CopyFrom(message);
      change(message, field);
      report(field, out);
      message.CopyFrom(*before);
    }
  }
}

// What of `part` changes the digest is what the schema says is in the key; returns how many were
// in and out.
std::pair<int, int> check_fields(Parts& parts, Message& part) {
  const std::string before = parts.digest();
  std::pair<int, int> count = {0, 0};
  each_field(part, false, [&](const FieldDescriptor& field, bool outside) {
    INFO(field.full_name());
    // The clock is in the key, as clock_hz.
    const bool same = outside && field.full_name() != "reticle.Chip.clock";
    CHECK((parts.digest() == before) == same);
    ++(outside ? count.second : count.first);
  });
  CHECK(parts.digest() == before);
  return count;
}

}  // namespace

TEST_CASE("the digest is SHA-256 of the deterministic bytes") {
  KernelKey key;
  key.set_model_version("v");
  key.set_clock_hz(2);
  key.set_fidelity(FIDELITY_CYCLE);
  // printf '\x0a\x01v\x31\0\0\0\0\0\0\0\x40\x40\x01' | sha256sum
  CHECK(digest(key) == "a1a0032c92d23955dc370398a48d5ef84f2607307cbe273b0e430ffc9630a800");
}

TEST_CASE("every field of a chip is in the key, or marked as outside it") {
  for (const char* name : {"h800-sxm", "ascend-910c-die"}) {
    Parts all = parts(name);
    const auto [in, out] = check_fields(all, all.chip);
    CHECK(in > 30);
    CHECK(out > 10);
  }
}

TEST_CASE("of the software only the kernel variants are in the key") {
  Parts all = parts();
  all.software.mutable_kernels()->mutable_attention()->set_page(64);
  all.software.mutable_kernels()->mutable_side()->set_mla_decode(1);
  const KernelVariants& kernels = all.software.kernels();
  REQUIRE(kernels.gemm_size() > 0);
  GemmDispatch& branch = *all.software.mutable_kernels()->mutable_gemm(0)->add_dispatch();
  branch.add_rows(64);
  branch.add_columns(128);
  const int messages = 3;  // of the variants, the rest are enumerations and numbers
  CHECK(check_fields(all, all.software).first ==
        KernelVariants::descriptor()->field_count() - messages +
            AttentionKernels::descriptor()->field_count() +
            SideKernels::descriptor()->field_count() +
            kernels.gemm_size() * (GemmTiles::descriptor()->field_count() - 1) +
            GemmDispatch::descriptor()->field_count());
}

TEST_CASE("operator, cores and L2 are in the key") {
  Parts all = parts();
  CHECK(check_fields(all, all.op).second == 0);
  CHECK(check_fields(all, all.cores).second == 0);
  CHECK(check_fields(all, all.l2).second == 0);
  const std::string before = all.digest();
  all.l2.add_resident("b");
  CHECK(all.digest() != before);
}

TEST_CASE("fidelity and model version are in the key") {
  const Parts all = parts();
  KernelKey key = make_key(all.chip, all.software, all.op, all.cores, all.l2, FIDELITY_CYCLE);
  CHECK(key.model_version().size() == 16);
  CHECK(digest(make_key(all.chip, all.software, all.op, all.cores, all.l2, FIDELITY_FAST)) !=
        digest(key));
  const std::string before = digest(key);
  key.set_model_version("another");
  CHECK(digest(key) != before);
}

TEST_CASE("equal states of L2 have equal keys, however they are written") {
  Parts one = parts();
  Parts two = parts();
  one.l2.add_resident("kv");
  two.l2.clear_resident();
  for (const char* name : {"kv", "a", "kv"}) {
    two.l2.add_resident(name);
  }
  CHECK(one.digest() == two.digest());
}

TEST_CASE("minus zero is zero") {
  Parts one = parts();
  Parts two = parts();
  one.chip.mutable_l2()->set_latency(0.0);
  two.chip.mutable_l2()->set_latency(-0.0);
  CHECK(one.digest() == two.digest());
}

TEST_CASE("all cores are those of the family") {
  const Cores die = parts("ascend-910c-die").cores;
  CHECK(die.matrix() == 24);
  CHECK(die.vector() == 48);
  CHECK(parts().cores.matrix() == 132);
  CHECK(parts().cores.vector() == 132);
}
