#pragma once

// The messages of protos/listing_assist/v1, written by protos/generate.sh, and the memory they are read into.

#include "la_arena.h"
#include "listing_assist/v1/category_title.pb-c.h"
#include "listing_assist/v1/common.pb-c.h"
#include "listing_assist/v1/feedback.pb-c.h"
#include "listing_assist/v1/price.pb-c.h"
#include "listing_assist/v1/tags.pb-c.h"
#include "listing_assist/v1/violations.pb-c.h"
